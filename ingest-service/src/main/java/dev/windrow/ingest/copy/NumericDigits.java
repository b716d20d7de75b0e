package dev.windrow.ingest.copy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Numbers as PostgreSQL's {@code numeric} has them on the wire: digits of base 10,000 to both sides
 * of the point. Exact sums of doubles have fifty decimal places and more, so both ways work on the
 * words of a number in place, two digits at a time. Not for several threads.
 *
 * <p>Source: PostgreSQL, numeric.c, numeric_send and numeric_recv.
 */
public final class NumericDigits {
  static final int NEGATIVE = 0x4000;
  static final int DECIMALS = 4;

  private static final int BASE = 10_000;
  private static final int PAIR = BASE * BASE;
  private static final int PAIR_BITS = 27;
  private static final long WORD = 0xFFFF_FFFFL;
  private static final int[] TENS = {1, 10, 100, 1000, 10_000};
  // As many digits as a long takes, and as many bits as leave room for three decimals more.
  private static final int LONG_DIGITS = 4;
  private static final int LONG_BITS = 53;

  private short[] digits = {};

  /**
   * Splits the magnitude of a number, times a power of ten, into its digits.
   *
   * @param power 0 to 3
   * @return how many there are; the first is not 0
   */
  int split(BigInteger number, int power) {
    int most = number.bitLength() / 13 + 3;
    if (most > digits.length) {
      digits = new short[Math.max(64, most)];
    }
    int count = 0;
    if (number.bitLength() <= LONG_BITS) {
      for (long left = Math.abs(number.longValue()) * TENS[power]; left != 0; left /= BASE) {
        digits[count++] = (short) (left % BASE);
      }
      return count;
    }
    int[] words = words(number.abs());
    int used = multiplyAdd(words, words.length - 1, TENS[power], 0);
    while (used > 0) {
      long rest = 0;
      for (int i = used - 1; i >= 0; i--) {
        long part = (rest << 32) | (words[i] & WORD);
        words[i] = (int) (part / PAIR);
        rest = part % PAIR;
      }
      used -= words[used - 1] == 0 ? 1 : 0;
      digits[count++] = (short) (rest % BASE);
      digits[count++] = (short) (rest / BASE);
    }
    return digits[count - 1] == 0 ? count - 1 : count;
  }

  /** One of the digits of the last split; 0 is the lowest. */
  int digit(int place) {
    return digits[place];
  }

  /** Reads a number that PostgreSQL has sent; not NaN or infinite, which no sum is. */
  public static BigDecimal read(ByteBuffer in) {
    int count = in.getShort();
    int weight = in.getShort();
    int sign = in.getShort();
    int scale = in.getShort();
    if (sign != 0 && sign != NEGATIVE) {
      throw new IllegalStateException("numeric: must be a number, got sign " + sign);
    }
    if (count == 0) {
      return BigDecimal.valueOf(0, scale);
    }
    // The last digit may have decimals beyond the scale, which are zeros.
    int fraction = count - 1 - weight;
    int beyond = Math.max(0, Math.min(DECIMALS * fraction - scale, DECIMALS - 1));
    BigInteger unscaled =
        count <= LONG_DIGITS ? readLong(in, count, beyond) : readWords(in, count, beyond);
    BigDecimal number =
        new BigDecimal(sign == 0 ? unscaled : unscaled.negate(), DECIMALS * fraction - beyond);
    return number.scale() == scale ? number : number.setScale(scale);
  }

  private static BigInteger readLong(ByteBuffer in, int count, int beyond) {
    long number = 0;
    for (int i = 1; i < count; i++) {
      number = number * BASE + in.getShort();
    }
    return BigInteger.valueOf(number * TENS[DECIMALS - beyond] + in.getShort() / TENS[beyond]);
  }

  private static BigInteger readWords(ByteBuffer in, int count, int beyond) {
    int[] words = new int[count * PAIR_BITS / 64 + 2];
    int used = 0;
    int left = count - 1;
    if (left % 2 != 0) {
      used = multiplyAdd(words, used, BASE, in.getShort());
    }
    for (int i = left / 2; i > 0; i--) {
      used = multiplyAdd(words, used, PAIR, in.getShort() * BASE + in.getShort());
    }
    used = multiplyAdd(words, used, TENS[DECIMALS - beyond], in.getShort() / TENS[beyond]);
    ByteBuffer bytes = ByteBuffer.allocate(4 * used);
    for (int i = used - 1; i >= 0; i--) {
      bytes.putInt(words[i]);
    }
    return new BigInteger(1, bytes.array());
  }

  /** The words of a number, the lowest first, and one more. */
  private static int[] words(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int[] words = new int[(bytes.length + 3) / 4 + 1];
    for (int i = 0; i < bytes.length; i++) {
      int place = bytes.length - 1 - i;
      words[place / 4] |= (bytes[i] & 0xFF) << (8 * (place % 4));
    }
    return words;
  }

  /** How many words are in use afterwards; there must be room for one more than before. */
  private static int multiplyAdd(int[] words, int used, int factor, int addend) {
    long carry = addend;
    for (int i = 0; i < used; i++) {
      carry += (words[i] & WORD) * factor;
      words[i] = (int) carry;
      carry >>>= 32;
    }
    words[used] = (int) carry;
    int after = used + 1;
    while (after > 0 && words[after - 1] == 0) {
      after--;
    }
    return after;
  }
}
