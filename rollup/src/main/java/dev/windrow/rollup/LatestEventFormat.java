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
  static final long TIME_LIMIT = 1L << 59;

  static final long BATCH_LIMIT = 1L << 48;
  static final int INDEX_LIMIT = 1 << 23;

  private static final long VERSION = 1L << 60;
  private static final long VERSION_MASK = 15L << 60;
  private static final int KEY_BYTES = 17;

  private LatestEventFormat() {}

  static byte[] encode(LatestEvent event) {
    byte[] status = event.status().getBytes(StandardCharsets.UTF_8);
    Double value = event.value();
    int index = 2 * event.batchIndex() + (value == null ? 0 : 1);
    ByteBuffer out =
        ByteBuffer.allocate(KEY_BYTES + (value == null ? 0 : Double.BYTES) + status.length)
            .putLong(VERSION | (event.occurredAtMicros() + TIME_LIMIT))
            .putShort((short) (event.batchId() >>> Integer.SIZE))
            .putInt((int) event.batchId())
            .put((byte) (index >>> Short.SIZE))
            .putShort((short) index);
    if (value != null) {
      out.putDouble(value);
    }
    return out.put(status).array();
  }

  static LatestEvent decode(byte[] bytes) {
    if (bytes.length < KEY_BYTES) {
      throw failure("must not be truncated, got " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long time = in.getLong();
    if ((time & VERSION_MASK) != VERSION) {
      throw failure("version must be 1, got " + (time >>> 60));
    }
    long batch = (long) Short.toUnsignedInt(in.getShort()) << Integer.SIZE;
    batch |= Integer.toUnsignedLong(in.getInt());
    int index = Byte.toUnsignedInt(in.get()) << Short.SIZE;
    index |= Short.toUnsignedInt(in.getShort());
    boolean valued = (index & 1) != 0;
    return new LatestEvent(
        (time & ~VERSION_MASK) - TIME_LIMIT,
        batch,
        index >>> 1,
        valued ? value(in) : null,
        status(in));
  }

  private static @Nullable Double value(ByteBuffer in) {
    if (in.remaining() < Double.BYTES) {
      throw failure("must not end within the value, got " + in.remaining() + " bytes of it");
    }
    double value = in.getDouble();
    if (!Double.isFinite(value)) {
      throw failure("value must be finite, got " + value);
    }
    return value;
  }

  private static String status(ByteBuffer in) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("latest event: status must be UTF-8", e);
    }
  }

  private static IllegalArgumentException failure(String ruleAndValue) {
    return new IllegalArgumentException("latest event: " + ruleAndValue);
  }
}
