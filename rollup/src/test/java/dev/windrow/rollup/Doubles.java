package dev.windrow.rollup;

import java.util.SplittableRandom;

/** Finite doubles of many shapes, from a seed. */
final class Doubles {
  private static final double[] EXTREMES = {
    0.0,
    -0.0,
    1,
    -1,
    0.1,
    -0.1,
    1e308,
    -1e308,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    0x1p53,
    -0x1p53,
    0x1p62,
    0x1p63,
    -0x1p63,
    1e-300,
    1e300
  };

  private Doubles() {}

  /** Extremes, money, whole numbers and any bit patterns, mixed. */
  static double[] adversarial(SplittableRandom random, int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (random.nextInt(5)) {
            case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
            case 1 -> random.nextInt(-100_000, 100_000) / 100.0;
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> i > 0 ? -values[i - 1] : 1;
            default -> anyBits(random);
          };
    }
    return values;
  }

  static double anyBits(SplittableRandom random) {
    double value;
    do {
      value = Double.longBitsToDouble(random.nextLong());
    } while (!Double.isFinite(value));
    return value;
  }

  static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
