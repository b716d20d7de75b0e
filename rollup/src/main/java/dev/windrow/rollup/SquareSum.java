package dev.windrow.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of squares of doubles without any rounding, as it is stored. Sums are binary numbers here,
 * and not decimal ones like {@link Aggregate#valueSum}: the square of a double has twice its bits,
 * about 14 bytes for everyday values, but some hundred decimal digits.
 *
 * <p>The bytes, version 1:
 *
 * <ul>
 *   <li>2 bytes, big-endian: the version in the first 4 bits, then the place p of the lowest byte
 *   <li>the rest: the sum divided by 2^(8 p - 2176), big-endian, neither beginning nor ending with
 *       a byte that is 0; none if the sum is 0, whose place is 0
 * </ul>
 */
public final class SquareSum {
  /** The sum of nothing. */
  public static final SquareSum ZERO = new SquareSum(header(0, 0));

  /**
   * The weight of place 0 is 2 to this power: a multiple of 32, so that whole numbers begin with a
   * limb, and below 2^-2148, the square of the smallest double.
   */
  static final int LOWEST_EXPONENT = -2176;

  /** Beyond the square of the greatest double, 2^63 times. */
  static final int PLACES = 560;

  static final int HEADER_BYTES = 2;

  private static final int VERSION = 1 << 12;
  private static final int VERSION_MASK = 15 << 12;

  private final byte[] bytes;

  private SquareSum(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A header with room for so many bytes behind it. */
  static byte[] header(int place, int length) {
    byte[] bytes = new byte[HEADER_BYTES + length];
    bytes[0] = (byte) ((VERSION | place) >>> Byte.SIZE);
    bytes[1] = (byte) place;
    return bytes;
  }

  /** The sum of these bytes, which are known to be its stored form, and now belong to it. */
  static SquareSum owning(byte[] bytes) {
    return new SquareSum(bytes);
  }

  /**
   * The sum that was stored so.
   *
   * @throws IllegalArgumentException if none is stored so
   */
  public static SquareSum fromBytes(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw failure("must not be truncated, got " + bytes.length + " bytes");
    }
    int header = header(bytes);
    if ((header & VERSION_MASK) != VERSION) {
      throw failure("version must be 1, got " + (header >>> 12));
    }
    int place = header & ~VERSION_MASK;
    int length = bytes.length - HEADER_BYTES;
    if (place + length > PLACES) {
      throw failure("must have less than " + PLACES + " places, got " + (place + length));
    }
    if (length == 0 ? place != 0 : bytes[HEADER_BYTES] == 0 || bytes[bytes.length - 1] == 0) {
      throw failure("must have no bytes that tell nothing, got " + Arrays.toString(bytes));
    }
    return new SquareSum(bytes.clone());
  }

  /** The stored form. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The sum, in the canonical form of {@link ExactSum#toBigDecimal}. */
  public BigDecimal toBigDecimal() {
    BigInteger digits = new BigInteger(1, bytes, HEADER_BYTES, length());
    return ExactSum.ofBinary(digits, lowestPlace() * Byte.SIZE + LOWEST_EXPONENT);
  }

  /** The place of the last byte. */
  int lowestPlace() {
    return header(bytes) & ~VERSION_MASK;
  }

  /** How many places there are. */
  int length() {
    return bytes.length - HEADER_BYTES;
  }

  /** The byte so many places above the lowest one. */
  int digit(int above) {
    return Byte.toUnsignedInt(bytes[bytes.length - 1 - above]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SquareSum that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toBigDecimal().toString();
  }

  private static int header(byte[] bytes) {
    return (Byte.toUnsignedInt(bytes[0]) << Byte.SIZE) | Byte.toUnsignedInt(bytes[1]);
  }

  private static IllegalArgumentException failure(String ruleAndValue) {
    return new IllegalArgumentException("sum of squares: " + ruleAndValue);
  }
}
