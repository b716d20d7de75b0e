package dev.windrow.rollup;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The instants {@code from <= t < to}, in microseconds since the Unix epoch (UTC). */
public record TimeRange(long fromMicros, long toMicros) {
  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if {@code from} is after {@code to}
   */
  public TimeRange {
    if (fromMicros > toMicros) {
      throw new IllegalArgumentException(
          "range: from must not be after to, got " + iso(fromMicros) + " and " + iso(toMicros));
    }
  }

  public boolean isEmpty() {
    return fromMicros == toMicros;
  }

  public boolean contains(long epochMicros) {
    return fromMicros <= epochMicros && epochMicros < toMicros;
  }

  /** The instants in both ranges; an empty range if there are none. */
  public TimeRange intersect(TimeRange other) {
    long from = Math.max(fromMicros, other.fromMicros);
    return new TimeRange(from, Math.max(from, Math.min(toMicros, other.toMicros)));
  }

  /**
   * The length in microseconds.
   *
   * @throws ArithmeticException if it exceeds {@code Long.MAX_VALUE}
   */
  public long lengthMicros() {
    return Math.subtractExact(toMicros, fromMicros);
  }

  @Override
  public String toString() {
    return "[" + iso(fromMicros) + ", " + iso(toMicros) + ")";
  }

  private static Instant iso(long epochMicros) {
    return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS);
  }
}
