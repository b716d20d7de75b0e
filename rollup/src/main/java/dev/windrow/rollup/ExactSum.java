package dev.windrow.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sum of doubles without any rounding, so that no order of additions and no split into partial
 * sums changes it. For one thread.
 *
 * <p>The sum has three parts. Integral values go to a {@code long} while it does not overflow. All
 * other values go to a fixed-point number of 32-bit limbs, after the small superaccumulator of
 * Neal, "Fast exact summation using small and large superaccumulators", 2015: a limb is a {@code
 * long}, so that 2^30 additions need no carry. Only the limbs between the lowest and the highest
 * one in use are allocated. Sums that were stored come back as a {@link BigDecimal}.
 */
public final class ExactSum {
  /** The weight of the lowest bit of limb 0 is that of the smallest subnormal, 2^-1074. */
  private static final int LOWEST_EXPONENT = -1074;

  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = 0xFFFF_FFFFL;
  private static final long FRACTION_MASK = (1L << 52) - 1;

  /** A 53-bit significand shifted by up to 31 bits touches at most three limbs. */
  private static final int LIMBS_PER_DOUBLE = 3;

  /** Each addition changes a limb by less than 2^32, so this many keep it below 2^62. */
  private static final int MAX_UNCARRIED = 1 << 30;

  /** Integral doubles up to this magnitude take the {@code long} path. */
  private static final double MAX_INTEGRAL = 0x1p53;

  private static final BigInteger FIVE = BigInteger.valueOf(5);

  /** The powers of five that sums of everyday magnitudes need. */
  private static final BigInteger[] POWERS_OF_FIVE =
      Stream.iterate(BigInteger.ONE, FIVE::multiply).limit(128).toArray(BigInteger[]::new);

  private long integral;
  private long @Nullable [] limbs;
  private int lowestLimb;
  private int uncarried;
  private BigDecimal stored = BigDecimal.ZERO;

  /**
   * Adds a finite double; -0.0 counts as 0.
   *
   * @throws IllegalArgumentException if the value is NaN or infinite
   */
  public void add(double value) {
    long whole = (long) value;
    if (whole == value && Math.abs(value) <= MAX_INTEGRAL) {
      long sum = integral + whole;
      if (((integral ^ sum) & (whole ^ sum)) >= 0) {
        integral = sum;
        return;
      }
    }
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("sum: values must be finite, got " + value);
    }
    addFixedPoint(value);
  }

  /** Adds a number exactly, usually a sum that was stored. */
  public void add(BigDecimal value) {
    stored = stored.add(value);
  }

  /** Adds the sum of another accumulator, which stays as it is. */
  public void merge(ExactSum other) {
    if (other.integral != 0) {
      addIntegral(other.integral);
    }
    if (other.limbs != null) {
      mergeLimbs(other.limbs, other.lowestLimb, other.uncarried);
    }
    if (other.stored.signum() != 0) {
      stored = stored.add(other.stored);
    }
  }

  private void addIntegral(long whole) {
    long sum = integral + whole;
    if (((integral ^ sum) & (whole ^ sum)) >= 0) {
      integral = sum;
    } else {
      stored = stored.add(BigDecimal.valueOf(whole));
    }
  }

  private void mergeLimbs(long[] more, int moreLowest, int moreUncarried) {
    if (uncarried > MAX_UNCARRIED - moreUncarried) {
      carry();
    }
    uncarried += moreUncarried;
    long[] window = cover(moreLowest, more.length);
    for (int i = 0; i < more.length; i++) {
      window[moreLowest - lowestLimb + i] += more[i];
    }
  }

  /** The sum in its {@link #canonical} form. */
  public BigDecimal toBigDecimal() {
    BigDecimal sum = limbs == null ? BigDecimal.ZERO : fixedPoint(limbs, lowestLimb);
    if (integral != 0) {
      sum = sum.add(BigDecimal.valueOf(integral));
    }
    if (stored.signum() != 0) {
      sum = sum.add(stored);
    }
    return canonical(sum);
  }

  /**
   * The same number without trailing fractional zeros and with a scale of at least 0, so that equal
   * numbers are equal objects.
   */
  static BigDecimal canonical(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    if (number.scale() == 0) {
      return number;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private void addFixedPoint(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int biasedExponent = (int) (bits >>> 52) & 0x7FF;
    long significand = bits & FRACTION_MASK;
    int position = 0;
    if (biasedExponent != 0) {
      significand |= 1L << 52;
      position = biasedExponent - 1;
    }
    if (uncarried == MAX_UNCARRIED) {
      carry();
    }
    uncarried++;
    int shift = position % LIMB_BITS;
    long[] window = cover(position / LIMB_BITS, LIMBS_PER_DOUBLE);
    int low = position / LIMB_BITS - lowestLimb;
    // All ones for a negative value: (x ^ sign) - sign negates x without a branch.
    long sign = bits >> 63;
    window[low] += (((significand << shift) & LIMB_MASK) ^ sign) - sign;
    window[low + 1] += (((significand >>> (LIMB_BITS - shift)) & LIMB_MASK) ^ sign) - sign;
    window[low + 2] += ((significand >>> LIMB_BITS >>> (LIMB_BITS - shift)) ^ sign) - sign;
  }

  /** The limbs, grown if needed to hold so many from this one on. */
  private long[] cover(int limb, int count) {
    if (limbs == null) {
      limbs = new long[count];
      lowestLimb = limb;
      return limbs;
    }
    int end = limb + count;
    if (limb >= lowestLimb && end <= lowestLimb + limbs.length) {
      return limbs;
    }
    int from = Math.min(limb, lowestLimb);
    int to = Math.max(end, lowestLimb + limbs.length);
    long[] grown = new long[to - from];
    System.arraycopy(limbs, 0, grown, lowestLimb - from, limbs.length);
    limbs = grown;
    lowestLimb = from;
    return grown;
  }

  /** Moves the limbs to the stored part, which makes room for further additions without carries. */
  private void carry() {
    if (limbs != null) {
      stored = stored.add(fixedPoint(limbs, lowestLimb));
      limbs = null;
    }
    uncarried = 0;
  }

  private static BigDecimal fixedPoint(long[] limbs, int lowestLimb) {
    BigInteger digits = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      digits = digits.shiftLeft(LIMB_BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return ofBinary(digits, lowestLimb * LIMB_BITS + LOWEST_EXPONENT);
  }

  /** {@code digits} * 2^{@code exponent}, in the {@link #canonical} form. */
  static BigDecimal ofBinary(BigInteger digits, int exponent) {
    if (digits.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = digits.getLowestSetBit();
    BigInteger odd = digits.shiftRight(zeros);
    int twos = exponent + zeros;
    // odd / 2^k = odd * 5^k / 10^k, whose last digit is odd, so there is no trailing zero.
    return twos >= 0
        ? new BigDecimal(odd.shiftLeft(twos))
        : new BigDecimal(odd.multiply(powerOfFive(-twos)), -twos);
  }

  private static BigInteger powerOfFive(int exponent) {
    return exponent < POWERS_OF_FIVE.length ? POWERS_OF_FIVE[exponent] : FIVE.pow(exponent);
  }
}
