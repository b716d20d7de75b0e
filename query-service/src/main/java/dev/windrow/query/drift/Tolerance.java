package dev.windrow.query.drift;

import java.math.BigDecimal;

/**
 * How far apart two numbers may be to be equal: by no more than the greater of the two.
 *
 * @param absolute not negative
 * @param relative to the greater number, signs aside; not negative
 */
public record Tolerance(BigDecimal absolute, BigDecimal relative) {
  /** Only the same number is equal. */
  public static final Tolerance NONE = new Tolerance(BigDecimal.ZERO, BigDecimal.ZERO);

  public Tolerance {
    if (absolute.signum() < 0 || relative.signum() < 0) {
      throw new IllegalArgumentException(
          "tolerance: must not be negative, got " + absolute + " and " + relative);
    }
  }

  /**
   * Whether two numbers are equal.
   *
   * @param distance of the two
   * @param greater of the two, signs aside
   */
  boolean allows(BigDecimal distance, BigDecimal greater) {
    return distance.compareTo(absolute) <= 0 || distance.compareTo(relative.multiply(greater)) <= 0;
  }
}
