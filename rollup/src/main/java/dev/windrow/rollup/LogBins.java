package dev.windrow.rollup;

/**
 * The bins of {@link QuantileSketch}. A magnitude {@code x = 2^e (1 + s)}, {@code 0 <= s < 1}, has
 * the index {@code 35 e + floor(35 P(s))} with the cubic {@code 35 P(s) = 6 s^3 - 21 s^2 + 50 s},
 * which runs from 0 to 35 and stands in for 35 log2(1 + s), as in DataDog's cubically interpolated
 * mapping. It needs no logarithm, so every JVM finds the same bin.
 *
 * <p>Why the error is below 1 %: {@code 35 P'(s) (1 + s) = 18 s^3 - 24 s^2 + 8 s + 50} has its
 * minimum 50 at s = 0 and s = 2/3, so a bin's bounds differ by a factor of at most exp(1/50). The
 * representative {@code 2 lo hi / (lo + hi)} then deviates by at most (hi - lo) / (hi + lo) =
 * tanh(1/100) = 0.0099997 of any value in the bin.
 *
 * <p>A <em>bin</em> is an int in the order of the values: 0 for zero, the index counted from 1 for
 * positive values, and the negative of that for their mirror images.
 */
final class LogBins {
  static final int BINS_PER_OCTAVE = 35;

  /** The index of the smallest subnormal, 2^-1074. */
  static final int MIN_INDEX = -1074 * BINS_PER_OCTAVE;

  /** The index of {@code Double.MAX_VALUE}. */
  static final int MAX_INDEX = 1024 * BINS_PER_OCTAVE - 1;

  private static final int ZERO_INDEX = MIN_INDEX - 1;
  private static final long FRACTION_MASK = (1L << 52) - 1;
  private static final long ONE_BITS = Double.doubleToRawLongBits(1.0);
  private static final double[] REPRESENTATIVES = representatives();

  private LogBins() {}

  /** The bin of a finite value. */
  static int of(double value) {
    if (value == 0) {
      return 0;
    }
    double magnitude = Math.abs(value);
    int exponent = -1023;
    if (magnitude < Double.MIN_NORMAL) {
      magnitude *= 0x1p54;
      exponent -= 54;
    }
    long bits = Double.doubleToRawLongBits(magnitude);
    exponent += (int) (bits >>> 52);
    double s = Double.longBitsToDouble((bits & FRACTION_MASK) | ONE_BITS) - 1;
    // Just below s = 1 the cubic may round up to 35, which is the next octave.
    int within = Math.min((int) cubic(s), BINS_PER_OCTAVE - 1);
    int bin = exponent * BINS_PER_OCTAVE + within - ZERO_INDEX;
    return value < 0 ? -bin : bin;
  }

  /** The value that stands for every value of a bin. */
  static double representative(int bin) {
    if (bin == 0) {
      return 0;
    }
    int index = Math.abs(bin) + ZERO_INDEX;
    double significand = REPRESENTATIVES[Math.floorMod(index, BINS_PER_OCTAVE)];
    double magnitude = Math.scalb(significand, Math.floorDiv(index, BINS_PER_OCTAVE));
    return bin < 0 ? -magnitude : magnitude;
  }

  /** The index of a bin other than 0, whatever its sign. */
  static int index(int bin) {
    return Math.abs(bin) + ZERO_INDEX;
  }

  /** The bin of positive values with an index. */
  static int positive(int index) {
    return index - ZERO_INDEX;
  }

  private static double cubic(double s) {
    return ((6 * s - 21) * s + 50) * s;
  }

  /** The representatives of the bins of the octave [1, 2). */
  private static double[] representatives() {
    double[] representatives = new double[BINS_PER_OCTAVE];
    for (int i = 0; i < BINS_PER_OCTAVE; i++) {
      double low = 1 + inverse(i);
      double high = 1 + inverse(i + 1);
      representatives[i] = 2 * low * high / (low + high);
    }
    return representatives;
  }

  /** The s in [0, 1] with {@code cubic(s) = target}, by bisection down to neighbouring doubles. */
  private static double inverse(double target) {
    double low = 0;
    double high = 1;
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return high;
      }
      if (cubic(middle) < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
