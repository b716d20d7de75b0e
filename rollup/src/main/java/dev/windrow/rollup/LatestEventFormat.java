package dev.windrow.rollup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link LatestEvent}, version 1. Numbers are big-endian, and of fixed size, so that
 * SQL can compare them as bytes, find the batch, and make them of an event:
 *
 * <ul>
 *   <li>8 bytes: the version in the first 4 bits, then the time plus 2^59 in 60 bits
 *   <li>6 bytes: the batch
 *   <li>3 bytes: twice the place in the batch, plus 1 if there is a value
 *   <li>8 bytes: the value as IEEE 754 has it; none if there is none
 *   <li>the rest: the status in UTF-8
 * </ul>
 */
final class LatestEventFormat {
  /** Times are less than this away from the epoch: 18,000 years. */
  private static final long TIME_LIMIT = 1L << 59;

  private static final long BATCH_LIMIT = 1L << 48;
  private static final int INDEX_LIMIT = 1 << 23;

  private static final long VERSION = 1L << 60;
  private static final long VERSION_MASK = 15L << 60;
  private static final int BATCH_AT = 8;
  private static final int INDEX_AT = 14;
  private static final int KEY_BYTES = 17;

  private LatestEventFormat() {}

  static byte[] encode(
      long occurredAtMicros, long batchId, int batchIndex, @Nullable Double value, String status) {
    requireTime(occurredAtMicros);
    require(batchId >= 0 && batchId < BATCH_LIMIT, "batch", batchId);
    require(batchIndex >= 0 && batchIndex < INDEX_LIMIT, "index", batchIndex);
    byte[] text = status.getBytes(StandardCharsets.UTF_8);
    int index = 2 * batchIndex + (value == null ? 0 : 1);
    ByteBuffer out =
        ByteBuffer.allocate(KEY_BYTES + (value == null ? 0 : Double.BYTES) + text.length)
            .putLong(VERSION | (occurredAtMicros + TIME_LIMIT))
            .putShort((short) (batchId >>> Integer.SIZE))
            .putInt((int) batchId)
            .put((byte) (index >>> Short.SIZE))
            .putShort((short) index);
    if (value != null) {
      out.putDouble(value);
    }
    return out.put(text).array();
  }

  /**
   * Nothing.
   *
   * @throws IllegalArgumentException if no event is stored so
   */
  static void check(byte[] bytes) {
    if (bytes.length < KEY_BYTES) {
      throw failure("must not be truncated, got " + bytes.length + " bytes");
    }
    long time = ByteBuffer.wrap(bytes).getLong();
    if ((time & VERSION_MASK) != VERSION) {
      throw failure("version must be 1, got " + (time >>> 60));
    }
    requireTime(occurredAtMicros(bytes));
    if (bytes.length < statusAt(bytes)) {
      throw failure("must not end within the value, got " + (bytes.length - KEY_BYTES) + " bytes");
    }
    Double value = value(bytes);
    if (value != null && !Double.isFinite(value)) {
      throw failure("value must be finite, got " + value);
    }
    checkText(bytes, statusAt(bytes));
  }

  static long occurredAtMicros(byte[] bytes) {
    return (ByteBuffer.wrap(bytes).getLong() & ~VERSION_MASK) - TIME_LIMIT;
  }

  static long batchId(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long high = Short.toUnsignedLong(in.getShort(BATCH_AT));
    return high << Integer.SIZE | Integer.toUnsignedLong(in.getInt(BATCH_AT + Short.BYTES));
  }

  static int batchIndex(byte[] bytes) {
    return place(bytes) >>> 1;
  }

  static @Nullable Double value(byte[] bytes) {
    return hasValue(bytes) ? (Double) ByteBuffer.wrap(bytes).getDouble(KEY_BYTES) : null;
  }

  static String status(byte[] bytes) {
    int at = statusAt(bytes);
    return new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
  }

  private static int place(byte[] bytes) {
    int high = Byte.toUnsignedInt(bytes[INDEX_AT]);
    return high << Short.SIZE
        | Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(INDEX_AT + Byte.BYTES));
  }

  private static boolean hasValue(byte[] bytes) {
    return (place(bytes) & 1) != 0;
  }

  private static int statusAt(byte[] bytes) {
    return hasValue(bytes) ? KEY_BYTES + Double.BYTES : KEY_BYTES;
  }

  private static void checkText(byte[] bytes, int at) {
    int i = at;
    while (i < bytes.length && bytes[i] >= 0) {
      i++;
    }
    if (i == bytes.length) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, bytes.length - at));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("latest event: status must be UTF-8", e);
    }
  }

  private static void requireTime(long micros) {
    require(micros > -TIME_LIMIT && micros < TIME_LIMIT, "time", micros);
  }

  private static void require(boolean inRange, String what, long got) {
    if (!inRange) {
      throw failure(what + " out of range, got " + got);
    }
  }

  private static IllegalArgumentException failure(String ruleAndValue) {
    return new IllegalArgumentException("latest event: " + ruleAndValue);
  }
}
