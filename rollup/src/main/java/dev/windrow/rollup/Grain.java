package dev.windrow.rollup;

import java.util.Locale;

/**
 * The width of a bucket, ordered from fine to coarse. Every grain divides the next one, and all
 * start at the Unix epoch in UTC, so a bucket lies wholly within one bucket of each coarser grain.
 */
public enum Grain {
  MINUTE(1, 60L * 1_000_000),
  HOUR(2, 3_600L * 1_000_000),
  DAY(3, 86_400L * 1_000_000);

  private final short code;
  private final long micros;
  private final String sqlName;

  Grain(int code, long micros) {
    this.code = (short) code;
    this.micros = micros;
    this.sqlName = name().toLowerCase(Locale.ROOT);
  }

  /** The stored number of this grain; it never changes. */
  public short code() {
    return code;
  }

  /** The width in microseconds. */
  public long micros() {
    return micros;
  }

  /** The field name that PostgreSQL's {@code date_trunc} knows this grain by. */
  public String sqlName() {
    return sqlName;
  }

  /**
   * The start of the bucket that holds an instant.
   *
   * @throws ArithmeticException if that start is before {@code Long.MIN_VALUE}
   */
  public long floor(long epochMicros) {
    return Math.subtractExact(epochMicros, Math.floorMod(epochMicros, micros));
  }

  /**
   * The first bucket start at or after an instant.
   *
   * @throws ArithmeticException if that start is after {@code Long.MAX_VALUE}
   */
  public long ceil(long epochMicros) {
    long past = Math.floorMod(epochMicros, micros);
    return past == 0 ? epochMicros : Math.addExact(epochMicros, micros - past);
  }

  /** Whether an instant is the start of a bucket. */
  public boolean aligned(long epochMicros) {
    return Math.floorMod(epochMicros, micros) == 0;
  }

  /**
   * The grain with a stored code.
   *
   * @throws IllegalArgumentException if no grain has it
   */
  public static Grain ofCode(int code) {
    return switch (code) {
      case 1 -> MINUTE;
      case 2 -> HOUR;
      case 3 -> DAY;
      default -> throw new IllegalArgumentException("grain: must be 1, 2 or 3, got " + code);
    };
  }
}
