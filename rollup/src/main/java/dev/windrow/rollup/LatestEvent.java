package dev.windrow.rollup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate keeps of its newest event. Ordered by time, batch and place in the batch, which
 * no two events share; so the greatest of many does not depend on the order in which they are
 * compared, nor on whether one is met twice.
 *
 * <p>It stays in its stored form: compaction carries most of them from one row to the next, and
 * looks at nothing but their place in the order.
 */
public final class LatestEvent implements Comparable<LatestEvent> {
  private final byte[] bytes;

  /**
   * An event.
   *
   * @param occurredAtMicros in microseconds since the Unix epoch (UTC), within 2^59 of it
   * @param batchId of the flush that wrote it, 0 to 2^48 - 1
   * @param batchIndex its place there, 0 to 2^23 - 1
   * @param value null if the event has none
   * @throws IllegalArgumentException if a number is out of its range
   */
  public LatestEvent(
      long occurredAtMicros, long batchId, int batchIndex, @Nullable Double value, String status) {
    bytes = LatestEventFormat.encode(occurredAtMicros, batchId, batchIndex, value, status);
  }

  private LatestEvent(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The event that was stored so.
   *
   * @throws IllegalArgumentException if none is stored so
   */
  public static LatestEvent fromBytes(byte[] bytes) {
    LatestEventFormat.check(bytes);
    return new LatestEvent(bytes.clone());
  }

  /** The stored form, whose order as unsigned bytes is that of the events. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  public long occurredAtMicros() {
    return LatestEventFormat.occurredAtMicros(bytes);
  }

  public long batchId() {
    return LatestEventFormat.batchId(bytes);
  }

  public int batchIndex() {
    return LatestEventFormat.batchIndex(bytes);
  }

  /** Null if the event has none. */
  public @Nullable Double value() {
    return LatestEventFormat.value(bytes);
  }

  public String status() {
    return LatestEventFormat.status(bytes);
  }

  /** Whether it comes after the event at this place; {@code false} at its own. */
  boolean isAfter(long otherMicros, long otherBatchId, int otherIndex) {
    long at = occurredAtMicros();
    if (at != otherMicros) {
      return at > otherMicros;
    }
    long batch = batchId();
    return batch != otherBatchId ? batch > otherBatchId : batchIndex() > otherIndex;
  }

  @Override
  public int compareTo(LatestEvent other) {
    if (isAfter(other.occurredAtMicros(), other.batchId(), other.batchIndex())) {
      return 1;
    }
    return other.isAfter(occurredAtMicros(), batchId(), batchIndex()) ? -1 : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatestEvent that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "event "
        + batchIndex()
        + " of batch "
        + batchId()
        + " at "
        + occurredAtMicros()
        + ", value "
        + value()
        + ", status "
        + status();
  }
}
