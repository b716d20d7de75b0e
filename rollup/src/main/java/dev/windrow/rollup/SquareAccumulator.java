package dev.windrow.rollup;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SquareSum} in the making, for one thread. Squares of small whole numbers go to a {@code
 * long} while it does not overflow; all others to a fixed-point number of 32-bit limbs, as in
 * {@link ExactSum}, with one difference: the square of a 53-bit significand has up to 106 bits, and
 * is never negative.
 */
final class SquareAccumulator {
  private static final int LIMB_BITS = 32;
  private static final int LIMB_BYTES = LIMB_BITS / Byte.SIZE;
  private static final long LIMB_MASK = 0xFFFF_FFFFL;
  private static final long FRACTION_MASK = (1L << 52) - 1;

  /** 106 bits shifted by up to 31 touch at most five limbs. */
  private static final int LIMBS_PER_SQUARE = 5;

  /** Each addition adds less than 2^32 to a limb, so this many keep it below 2^62. */
  private static final int MAX_UNCARRIED = 1 << 30;

  /** The squares of whole numbers up to this magnitude take the {@code long} path. */
  private static final double MAX_WHOLE = 0x1p26;

  /** Where the lowest bit of the smallest square is: that of 2^-1074. */
  private static final int LOWEST_SQUARE = -2148 - SquareSum.LOWEST_EXPONENT;

  /** Where whole numbers begin. */
  private static final int ONE_PLACE = -SquareSum.LOWEST_EXPONENT / Byte.SIZE;

  private static final int ONE_LIMB = ONE_PLACE / LIMB_BYTES;

  private long whole;
  private long @Nullable [] limbs;
  private int lowestLimb;
  private int uncarried;

  /** Adds the square of a finite number. */
  void add(double value) {
    long integral = (long) value;
    if (integral == value && Math.abs(value) <= MAX_WHOLE) {
      addWhole(integral * integral);
    } else {
      addSquare(Double.doubleToRawLongBits(value));
    }
  }

  /** Adds a sum. */
  void merge(SquareSum sum) {
    int place = sum.lowestPlace();
    int length = sum.length();
    if (place >= ONE_PLACE && place + length < ONE_PLACE + Long.BYTES) {
      long small = 0;
      for (int i = length - 1; i >= 0; i--) {
        small = (small << Byte.SIZE) | sum.digit(i);
      }
      addWhole(small << ((place - ONE_PLACE) * Byte.SIZE));
      return;
    }
    if (length == 0) {
      return;
    }
    int first = place / LIMB_BYTES;
    long[] window = cover(first, (place + length - 1) / LIMB_BYTES - first + 1, 1);
    for (int i = 0; i < length; i++) {
      int at = place + i;
      window[at / LIMB_BYTES - lowestLimb] +=
          (long) sum.digit(i) << ((at % LIMB_BYTES) * Byte.SIZE);
    }
  }

  /** Adds the sum of another accumulator, which stays as it is. */
  void merge(SquareAccumulator other) {
    addWhole(other.whole);
    long[] more = other.limbs;
    if (more != null) {
      long[] window = cover(other.lowestLimb, more.length, other.uncarried);
      for (int i = 0; i < more.length; i++) {
        window[other.lowestLimb - lowestLimb + i] += more[i];
      }
    }
  }

  /** The sum of everything added so far. This accumulator can go on. */
  SquareSum toSum() {
    if (limbs == null) {
      return encode(new long[] {whole & LIMB_MASK, whole >>> LIMB_BITS}, ONE_LIMB);
    }
    if (whole != 0) {
      spill();
    }
    return encode(carry(), lowestLimb);
  }

  private void addWhole(long square) {
    long sum = whole + square;
    if (sum < 0) {
      spill();
      sum = square;
    }
    whole = sum;
  }

  /** Moves the whole part to the limbs. */
  private void spill() {
    long[] window = cover(ONE_LIMB, 2, 1);
    window[ONE_LIMB - lowestLimb] += whole & LIMB_MASK;
    window[ONE_LIMB - lowestLimb + 1] += whole >>> LIMB_BITS;
    whole = 0;
  }

  private void addSquare(long bits) {
    int biasedExponent = (int) (bits >>> 52) & 0x7FF;
    long significand = bits & FRACTION_MASK;
    int exponent = 0;
    if (biasedExponent != 0) {
      significand |= 1L << 52;
      exponent = biasedExponent - 1;
    }
    int position = 2 * exponent + LOWEST_SQUARE;
    int shift = position % LIMB_BITS;
    long low = significand * significand;
    long high = Math.multiplyHigh(significand, significand);
    // Together 128 bits; shifted, 160. In two steps, as a shift by 64 would be none.
    long a = low << shift;
    long b = (high << shift) | (low >>> 1 >>> (63 - shift));
    long c = high >>> 1 >>> (63 - shift);
    int limb = position / LIMB_BITS;
    long[] window = cover(limb, LIMBS_PER_SQUARE, 1);
    int at = limb - lowestLimb;
    window[at] += a & LIMB_MASK;
    window[at + 1] += a >>> LIMB_BITS;
    window[at + 2] += b & LIMB_MASK;
    window[at + 3] += b >>> LIMB_BITS;
    window[at + 4] += c;
  }

  /** The limbs, grown if needed to hold so many from this one on, for so many further additions. */
  private long[] cover(int limb, int count, int additions) {
    if (limbs == null) {
      limbs = new long[count];
      lowestLimb = limb;
      uncarried = additions;
      return limbs;
    }
    if (uncarried > MAX_UNCARRIED - additions) {
      carry();
    }
    uncarried += additions;
    int end = limb + count;
    if (limb < lowestLimb || end > lowestLimb + limbs.length) {
      int from = Math.min(limb, lowestLimb);
      int to = Math.max(end, lowestLimb + limbs.length);
      long[] grown = new long[to - from];
      System.arraycopy(limbs, 0, grown, lowestLimb - from, limbs.length);
      limbs = grown;
      lowestLimb = from;
    }
    return limbs;
  }

  /** Brings every limb below 2^32; the number stays the same. */
  private long[] carry() {
    long[] carried = limbs == null ? new long[1] : limbs;
    long over = 0;
    for (int i = 0; i < carried.length; i++) {
      over += carried[i];
      carried[i] = over & LIMB_MASK;
      over >>>= LIMB_BITS;
    }
    if (over != 0) {
      carried = Arrays.copyOf(carried, carried.length + 1);
      carried[carried.length - 1] = over;
    }
    limbs = carried;
    uncarried = 1;
    return carried;
  }

  private static SquareSum encode(long[] carried, int lowest) {
    int last = carried.length * LIMB_BYTES - 1;
    while (last >= 0 && digit(carried, last) == 0) {
      last--;
    }
    if (last < 0) {
      return SquareSum.ZERO;
    }
    int first = 0;
    while (digit(carried, first) == 0) {
      first++;
    }
    byte[] stored = SquareSum.header(lowest * LIMB_BYTES + first, last - first + 1);
    int at = SquareSum.HEADER_BYTES;
    for (int i = last; i >= first; i--) {
      stored[at++] = digit(carried, i);
    }
    return SquareSum.owning(stored);
  }

  private static byte digit(long[] carried, int place) {
    return (byte) (carried[place / LIMB_BYTES] >>> ((place % LIMB_BYTES) * Byte.SIZE));
  }
}
