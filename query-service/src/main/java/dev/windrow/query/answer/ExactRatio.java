package dev.windrow.query.answer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Quotients of exact numbers as the nearest double: rounded once, at the end. */
public final class ExactRatio {
  // Nearly always enough to tell which double is nearest.
  private static final MathContext FEW = new MathContext(40, RoundingMode.DOWN);
  // More than the digits of any point halfway between two doubles.
  private static final MathContext MANY = new MathContext(800, RoundingMode.DOWN);

  private ExactRatio() {}

  /** The quotient; the divisor is not 0. */
  public static double of(BigDecimal dividend, BigDecimal divisor) {
    BigDecimal low = dividend.divide(divisor, FEW);
    if (low.doubleValue() == beyond(low, FEW).doubleValue()) {
      return low.doubleValue();
    }
    BigDecimal quotient = dividend.divide(divisor, MANY);
    boolean cut = quotient.multiply(divisor).compareTo(dividend) != 0;
    return (cut ? beyond(quotient, MANY) : quotient).doubleValue();
  }

  /** One more in the last digit that a division may have: what was cut off lies below it. */
  private static BigDecimal beyond(BigDecimal number, MathContext digits) {
    int unused = digits.getPrecision() - number.precision();
    return number.add(BigDecimal.valueOf(number.signum(), number.scale() + unused));
  }
}
