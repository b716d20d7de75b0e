package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Values as decimal numbers, which are added and compared exactly. A real number is taken by the
 * shortest digits that mean it, as people read it: 1.1 and 1.0 are 0.1 apart.
 */
final class Numbers {
  private Numbers() {}

  /** Empty if it is none, or not finite. */
  static Optional<BigDecimal> of(Value value) {
    if (value instanceof Value.Whole whole) {
      return Optional.of(new BigDecimal(whole.number()));
    }
    if (value instanceof Value.Real real && Double.isFinite(real.number())) {
      return Optional.of(BigDecimal.valueOf(real.number()));
    }
    return Optional.empty();
  }

  /**
   * A value from a number.
   *
   * @param whole whether it is an integer, and to remain one
   */
  static Value value(BigDecimal number, boolean whole) {
    return whole
        ? new Value.Whole(number.toBigIntegerExact())
        : new Value.Real(number.doubleValue());
  }
}
