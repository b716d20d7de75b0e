package dev.windrow.rollup;

import java.util.Arrays;

/**
 * The bytes of a {@link QuantileSketch}, version 1: the version, the number of zeros, then the
 * negative and the positive values. Each sign is the number n of its bins and, if there are any,
 * the lowest index (zigzag), n - 1 steps to the next index, n counts. All numbers are LEB128
 * varints in their shortest form, so there is one encoding per sketch.
 */
final class QuantileSketchFormat {
  private static final int VERSION = 1;
  // The version, the zeros, two numbers of bins.
  private static final int MAX_HEADER = 1 + 9 + 2 * 3;
  // A count, and an index or a step.
  private static final int MAX_BIN = 9 + 3;

  private QuantileSketchFormat() {}

  static byte[] encode(int[] bins, long[] counts) {
    if (bins.length == 0) {
      return new byte[0];
    }
    int zero = 0;
    while (zero < bins.length && bins[zero] < 0) {
      zero++;
    }
    boolean hasZeros = zero < bins.length && bins[zero] == 0;
    byte[] out = new byte[MAX_HEADER + bins.length * MAX_BIN];
    out[0] = VERSION;
    int end = Varint.write(out, 1, hasZeros ? counts[zero] : 0);
    // Negative bins descend in index, so they are written backwards.
    end = writeSign(out, end, bins, counts, zero - 1, -1, zero);
    int positive = hasZeros ? zero + 1 : zero;
    end = writeSign(out, end, bins, counts, positive, 1, bins.length - positive);
    return Arrays.copyOf(out, end);
  }

  /** Writes n bins, from the one of the lowest index on, and returns where the rest goes. */
  private static int writeSign(
      byte[] out, int from, int[] bins, long[] counts, int first, int step, int n) {
    int next = Varint.write(out, from, n);
    for (int i = 0, at = first; i < n; i++, at += step) {
      int index = LogBins.index(bins[at]);
      next =
          Varint.write(out, next, i == 0 ? zigzag(index) : index - LogBins.index(bins[at - step]));
    }
    for (int i = 0, at = first; i < n; i++, at += step) {
      next = Varint.write(out, next, counts[at]);
    }
    return next;
  }

  static QuantileSketch decode(byte[] bytes) {
    if (bytes.length == 0) {
      return QuantileSketch.empty();
    }
    if (bytes[0] != VERSION) {
      throw new IllegalArgumentException("quantile sketch: version must be 1, got " + bytes[0]);
    }
    Varint.Reader in = new Varint.Reader("quantile sketch", bytes, 1);
    long zeros = in.next();
    if (zeros < 0) {
      throw in.failure("the number of zeros must not be negative, got " + zeros);
    }
    Sign negative = Sign.read(in);
    Sign positive = Sign.read(in);
    in.end();
    int n = negative.size() + (zeros > 0 ? 1 : 0) + positive.size();
    if (n == 0) {
      throw in.failure("an empty sketch must have no bytes, got " + bytes.length);
    }
    int[] bins = new int[n];
    long[] counts = new long[n];
    int at = 0;
    for (int i = negative.size() - 1; i >= 0; i--, at++) {
      bins[at] = -LogBins.positive(negative.indexes[i]);
      counts[at] = negative.counts[i];
    }
    if (zeros > 0) {
      counts[at] = zeros;
      at++;
    }
    for (int i = 0; i < positive.size(); i++, at++) {
      bins[at] = LogBins.positive(positive.indexes[i]);
      counts[at] = positive.counts[i];
    }
    try {
      return QuantileSketch.owning(bins, counts);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "quantile sketch: the total count must fit 63 bits", overflow);
    }
  }

  private static long zigzag(int index) {
    return ((long) index << 1) ^ ((long) index >> 63);
  }

  /** The bins of one sign, with ascending indexes. */
  private static final class Sign {
    final int[] indexes;
    final long[] counts;

    private Sign(int n) {
      indexes = new int[n];
      counts = new long[n];
    }

    int size() {
      return indexes.length;
    }

    static Sign read(Varint.Reader in) {
      long n = in.next();
      // A bin takes at least two bytes: checked before anything of that size is allocated.
      if (n < 0 || n > in.remaining() / 2) {
        throw in.failure(
            "the number of bins must fit the " + in.remaining() + " bytes left, got " + n);
      }
      Sign sign = new Sign((int) n);
      long index = 0;
      for (int i = 0; i < sign.size(); i++) {
        long number = in.next();
        if (i == 0) {
          index = (number >>> 1) ^ -(number & 1);
        } else if (number >= 1 && number <= LogBins.MAX_INDEX - (long) LogBins.MIN_INDEX) {
          index += number;
        } else {
          throw in.failure("indexes must ascend within the bins, got a step of " + number);
        }
        if (index < LogBins.MIN_INDEX || index > LogBins.MAX_INDEX) {
          throw in.failure("an index must be that of a double, got " + index);
        }
        sign.indexes[i] = (int) index;
      }
      for (int i = 0; i < sign.size(); i++) {
        sign.counts[i] = in.next();
        if (sign.counts[i] <= 0) {
          throw in.failure("a count must be positive, got " + sign.counts[i]);
        }
      }
      return sign;
    }
  }
}
