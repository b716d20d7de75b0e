package dev.windrow.ingest.copy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows in PostgreSQL's binary COPY format, in one growing heap array: the driver's COPY is only
 * safe against errors and cancels when it gets one heap frame per batch. Not for several threads.
 *
 * <p>Source: PostgreSQL documentation, COPY, "Binary Format", and the send/recv functions of the
 * types.
 */
public final class CopyFrame {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final int TEXT_OID = 25;
  private static final int NEGATIVE = 0x4000;
  private static final int DIGITS = 4;

  private byte[] bytes = new byte[1 << 16];
  private int length;
  private int rows;

  public CopyFrame() {
    clear();
  }

  /** Forgets the rows and keeps the memory. */
  public void clear() {
    length = 0;
    rows = 0;
    ensure(SIGNATURE.length + 8);
    System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
    length = SIGNATURE.length;
    int32(0);
    int32(0);
  }

  public int rows() {
    return rows;
  }

  /** The bytes of the frame, ended; the array is this frame's own until {@link #clear}. */
  public byte[] end() {
    int16(-1);
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Begins a row; exactly {@code columns} fields must follow. */
  public void row(int columns) {
    rows++;
    int16(columns);
  }

  public void nullField() {
    int32(-1);
  }

  public void smallintField(int value) {
    int32(2);
    int16(value);
  }

  public void integerField(int value) {
    int32(4);
    int32(value);
  }

  public void bigintField(long value) {
    int32(8);
    int64(value);
  }

  public void bigintField(@Nullable Long value) {
    if (value == null) {
      nullField();
    } else {
      bigintField(value.longValue());
    }
  }

  public void doubleField(@Nullable Double value) {
    if (value == null) {
      nullField();
    } else {
      int32(8);
      int64(Double.doubleToRawLongBits(value));
    }
  }

  /** A timestamptz, from microseconds since 1970-01-01. */
  public void timestampField(long epochMicros) {
    bigintField(epochMicros - EPOCH_MICROS);
  }

  public void textField(@Nullable String value) {
    if (value == null) {
      nullField();
    } else {
      int start = begin();
      utf8(value);
      end(start);
    }
  }

  public void byteaField(byte[] value) {
    int32(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  /** A one-dimensional text[] without nulls; not empty. */
  public void textArrayField(Iterable<String> values, int size) {
    int start = begin();
    int32(1); // dimensions
    int32(0); // no nulls
    int32(TEXT_OID);
    int32(size);
    int32(1); // lower bound
    for (String value : values) {
      textField(value);
    }
    end(start);
  }

  /** A numeric; the scale must not be negative. */
  public void numericField(BigDecimal value) {
    int scale = value.scale();
    // Base-10000 digits stand to both sides of the point: fill the last one up.
    int padding = (DIGITS - scale % DIGITS) % DIGITS;
    BigInteger unscaled = value.unscaledValue().abs().multiply(BigInteger.TEN.pow(padding));
    String decimal = unscaled.signum() == 0 ? "" : unscaled.toString();
    int groups = (decimal.length() + DIGITS - 1) / DIGITS;
    int fraction = (scale + padding) / DIGITS;
    int32(8 + 2 * groups);
    int16(groups);
    int16(groups - fraction - 1); // weight: the power of 10000 of the first digit
    int16(value.signum() < 0 ? NEGATIVE : 0);
    int16(scale);
    int at = decimal.length() - (groups - 1) * DIGITS;
    for (int i = 0, from = 0; i < groups; i++, from = at, at += DIGITS) {
      int16(Integer.parseInt(decimal, from, at, 10));
    }
  }

  private int begin() {
    int start = length;
    int32(0);
    return start;
  }

  private void end(int start) {
    int size = length - start - 4;
    bytes[start] = (byte) (size >>> 24);
    bytes[start + 1] = (byte) (size >>> 16);
    bytes[start + 2] = (byte) (size >>> 8);
    bytes[start + 3] = (byte) size;
  }

  private void utf8(String text) {
    int chars = text.length();
    ensure(3 * chars);
    byte[] out = bytes;
    int at = length;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xc0 | (c >>> 6));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (Character.isHighSurrogate(c)) {
        // Protobuf strings are valid UTF-8, so the low surrogate is there.
        int point = Character.toCodePoint(c, text.charAt(++i));
        out[at++] = (byte) (0xf0 | (point >>> 18));
        out[at++] = (byte) (0x80 | ((point >>> 12) & 0x3f));
        out[at++] = (byte) (0x80 | ((point >>> 6) & 0x3f));
        out[at++] = (byte) (0x80 | (point & 0x3f));
      } else {
        out[at++] = (byte) (0xe0 | (c >>> 12));
        out[at++] = (byte) (0x80 | ((c >>> 6) & 0x3f));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      }
    }
    length = at;
  }

  private void int16(int value) {
    ensure(2);
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  private void int32(int value) {
    ensure(4);
    bytes[length++] = (byte) (value >>> 24);
    bytes[length++] = (byte) (value >>> 16);
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  private void int64(long value) {
    int32((int) (value >>> 32));
    int32((int) value);
  }

  private void ensure(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }
}
