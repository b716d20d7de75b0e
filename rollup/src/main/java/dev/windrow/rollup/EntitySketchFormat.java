package dev.windrow.rollup;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.nio.ByteBuffer;

/**
 * The bytes of an {@link EntitySketch}, version 1: the version, the form, the content. Form 1 is
 * the hashes, eight bytes each, big-endian, ascending as unsigned numbers; form 2 is the 4096
 * registers of the UltraLogLog.
 */
final class EntitySketchFormat {
  private static final byte VERSION = 1;
  private static final byte SPARSE = 1;
  private static final byte DENSE = 2;
  private static final int HEADER = 2;
  private static final int REGISTERS = 1 << EntitySketch.PRECISION;

  /** The register after its first hash, if that one had no leading zeros. */
  private static final int LOWEST_REGISTER = 4 * EntitySketch.PRECISION - 4;

  private EntitySketchFormat() {}

  static byte[] encode(EntitySketch sketch) {
    if (sketch.isEmpty()) {
      return new byte[0];
    }
    UltraLogLog dense = sketch.dense();
    if (dense != null) {
      return ByteBuffer.allocate(HEADER + REGISTERS)
          .put(VERSION)
          .put(DENSE)
          .put(dense.getState())
          .array();
    }
    long[] hashes = sketch.hashes();
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + hashes.length * Long.BYTES).put(VERSION).put(SPARSE);
    for (long hash : hashes) {
      out.putLong(hash);
    }
    return out.array();
  }

  static EntitySketch decode(byte[] bytes) {
    if (bytes.length == 0) {
      return EntitySketch.empty();
    }
    if (bytes[0] != VERSION) {
      throw failure("version must be 1, got " + bytes[0]);
    }
    if (bytes.length <= HEADER) {
      throw failure("must not be truncated, got " + bytes.length + " bytes");
    }
    return switch (bytes[1]) {
      case SPARSE -> decodeSparse(ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER));
      case DENSE -> decodeDense(ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER));
      default -> throw failure("form must be 1 or 2, got " + bytes[1]);
    };
  }

  private static EntitySketch decodeSparse(ByteBuffer in) {
    int n = in.remaining() / Long.BYTES;
    if (in.remaining() % Long.BYTES != 0 || n > EntitySketch.MAX_EXACT) {
      throw failure("must hold 1 to 512 hashes of 8 bytes, got " + in.remaining() + " bytes");
    }
    long[] hashes = new long[n];
    for (int i = 0; i < n; i++) {
      hashes[i] = in.getLong();
      if (i > 0 && Long.compareUnsigned(hashes[i - 1], hashes[i]) >= 0) {
        throw failure("hashes must ascend, got another order at number " + i);
      }
    }
    return EntitySketch.owning(hashes);
  }

  private static EntitySketch decodeDense(ByteBuffer in) {
    if (in.remaining() != REGISTERS) {
      throw failure("must hold 4096 registers, got " + in.remaining());
    }
    byte[] registers = new byte[REGISTERS];
    in.get(registers);
    boolean empty = true;
    for (byte register : registers) {
      int value = Byte.toUnsignedInt(register);
      if (!reachable(value)) {
        throw failure("registers must be reachable, got " + value);
      }
      empty &= value == 0;
    }
    if (empty) {
      throw failure("an empty sketch must have no bytes, got 4096 empty registers");
    }
    return EntitySketch.owning(UltraLogLog.wrap(registers));
  }

  /**
   * A register is 4 (k + p - 2) plus two bits, where k - 1 is the greatest number of leading zeros
   * it has seen and the bits tell whether k - 1 and k - 2 occurred as well; at k = 1 and k = 2 some
   * of those do not exist.
   */
  private static boolean reachable(int register) {
    return register == 0
        || register == LOWEST_REGISTER
        || register == LOWEST_REGISTER + 4
        || register == LOWEST_REGISTER + 6
        || register >= LOWEST_REGISTER + 8;
  }

  private static IllegalArgumentException failure(String ruleAndValue) {
    return new IllegalArgumentException("entity sketch: " + ruleAndValue);
  }
}
