package dev.windrow.rollup;

import org.jspecify.annotations.Nullable;

/**
 * What an aggregate keeps of its newest event. Ordered by time, batch and place in the batch, which
 * no two events share; so the greatest of many does not depend on the order in which they are
 * compared, nor on whether one is met twice.
 *
 * @param occurredAtMicros in microseconds since the Unix epoch (UTC), within 2^59 of it
 * @param batchId of the flush that wrote it, 0 to 2^48 - 1
 * @param batchIndex its place there, 0 to 2^23 - 1
 * @param value null if the event has none
 */
public record LatestEvent(
    long occurredAtMicros, long batchId, int batchIndex, @Nullable Double value, String status)
    implements Comparable<LatestEvent> {
  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public LatestEvent {
    require(Math.abs(occurredAtMicros) < LatestEventFormat.TIME_LIMIT, "time", occurredAtMicros);
    require(batchId >= 0 && batchId < LatestEventFormat.BATCH_LIMIT, "batch", batchId);
    require(batchIndex >= 0 && batchIndex < LatestEventFormat.INDEX_LIMIT, "index", batchIndex);
  }

  /** The stored form, whose order as unsigned bytes is that of the events. */
  public byte[] toBytes() {
    return LatestEventFormat.encode(this);
  }

  /**
   * The event that was stored so.
   *
   * @throws IllegalArgumentException if none is stored so
   */
  public static LatestEvent fromBytes(byte[] bytes) {
    return LatestEventFormat.decode(bytes);
  }

  /** Whether it comes after the event at this place; {@code false} at its own. */
  boolean isAfter(long otherMicros, long otherBatchId, int otherIndex) {
    return occurredAtMicros != otherMicros
        ? occurredAtMicros > otherMicros
        : batchId != otherBatchId ? batchId > otherBatchId : batchIndex > otherIndex;
  }

  @Override
  public int compareTo(LatestEvent other) {
    if (isAfter(other.occurredAtMicros, other.batchId, other.batchIndex)) {
      return 1;
    }
    return other.isAfter(occurredAtMicros, batchId, batchIndex) ? -1 : 0;
  }

  private static void require(boolean inRange, String what, long got) {
    if (!inRange) {
      throw new IllegalArgumentException("latest event: " + what + " out of range, got " + got);
    }
  }
}
