package dev.windrow.ingest.copy;

import dev.windrow.rollup.RollupKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fields of rows in PostgreSQL's binary COPY format, in one growing heap array. Not for several
 * threads.
 *
 * <p>Source: PostgreSQL documentation, COPY, "Binary Format", and the send/recv functions of the
 * types.
 */
public class CopyFields {
  // PostgreSQL counts from 2000-01-01.
  static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int TEXT_OID = 25;

  private final NumericDigits numeric = new NumericDigits();
  private byte[] bytes;
  private int length;

  public CopyFields(int capacity) {
    bytes = new byte[capacity];
  }

  /** The array itself, of which {@link #length} bytes are used; another one after it has grown. */
  public final byte[] bytes() {
    return bytes;
  }

  public final int length() {
    return length;
  }

  /** Forgets what was written after a {@link #length} of before. */
  public final void truncate(int to) {
    length = to;
  }

  /** Begins a row; exactly {@code columns} fields must follow. */
  public void row(int columns) {
    int16(columns);
  }

  public final void nullField() {
    int32(-1);
  }

  public final void smallintField(int value) {
    int32(2);
    int16(value);
  }

  public final void integerField(int value) {
    int32(4);
    int32(value);
  }

  public final void bigintField(long value) {
    int32(8);
    int64(value);
  }

  public final void bigintField(@Nullable Long value) {
    if (value == null) {
      nullField();
    } else {
      bigintField(value.longValue());
    }
  }

  public final void doubleField(@Nullable Double value) {
    if (value == null) {
      nullField();
    } else {
      int32(8);
      int64(Double.doubleToRawLongBits(value));
    }
  }

  /** A timestamptz, from microseconds since 1970-01-01. */
  public final void timestampField(long epochMicros) {
    bigintField(epochMicros - EPOCH_MICROS);
  }

  public final void textField(@Nullable String value) {
    if (value == null) {
      nullField();
    } else {
      int start = begin();
      utf8(value);
      end(start);
    }
  }

  public final void byteaField(byte[] value) {
    bytesField(value, 0, value.length);
  }

  /** A one-dimensional text[] of a key's values, of which there is at least one. */
  public final void textArrayField(RollupKey key) {
    int start = begin();
    int size = key.size();
    int32(1); // dimensions
    int32(0); // no nulls
    int32(TEXT_OID);
    int32(size);
    int32(1); // lower bound
    for (int i = 0; i < size; i++) {
      textField(key.get(i));
    }
    end(start);
  }

  /** A numeric; the scale must not be negative. */
  public final void numericField(BigDecimal value) {
    int scale = value.scale();
    // Base-10000 digits stand to both sides of the point: fill the last one up.
    int padding = -scale & (NumericDigits.DECIMALS - 1);
    numericField(value.unscaledValue(), padding, scale);
  }

  /** A numeric without decimals. */
  public final void numericField(BigInteger value) {
    numericField(value, 0, 0);
  }

  private void numericField(BigInteger unscaled, int padding, int scale) {
    int count = numeric.split(unscaled, padding);
    int fraction = (scale + padding) / NumericDigits.DECIMALS;
    int32(8 + 2 * count);
    int16(count);
    int16(count - fraction - 1); // weight: the power of 10000 of the first digit
    int16(unscaled.signum() < 0 ? NumericDigits.NEGATIVE : 0);
    int16(scale);
    for (int i = count - 1; i >= 0; i--) {
      int16(numeric.digit(i));
    }
  }

  /** The length of a field that is written piece by piece; see {@link #end}. */
  public final int begin() {
    int start = length;
    int32(0);
    return start;
  }

  /** Ends the field that began there. */
  public final void end(int start) {
    INT.set(bytes, start, length - start - 4);
  }

  /** A field that holds a slice of bytes. */
  public final void bytesField(byte[] from, int at, int count) {
    int32(count);
    raw(from, at, count);
  }

  /** Bytes within a field. */
  public final void raw(byte[] from, int at, int count) {
    ensure(count);
    System.arraycopy(from, at, bytes, length, count);
    length += count;
  }

  /** One byte within a field. */
  public final void raw(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  public final void booleanField(boolean value) {
    int32(1);
    raw(value ? 1 : 0);
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

  final void int16(int value) {
    ensure(2);
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  final void int32(int value) {
    ensure(4);
    INT.set(bytes, length, value);
    length += 4;
  }

  private void int64(long value) {
    ensure(8);
    LONG.set(bytes, length, value);
    length += 8;
  }

  /** Makes room, so that the writes that follow need not. */
  public final void ensure(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }
}
