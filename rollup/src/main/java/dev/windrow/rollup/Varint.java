package dev.windrow.rollup;

/**
 * Unsigned LEB128: seven bits a byte, low bits first, the top bit set on all bytes but the last.
 */
final class Varint {
  private static final int MAX_BYTES = 10;

  private Varint() {}

  /** Writes a number and returns where the next one goes. */
  static int write(byte[] out, int at, long number) {
    int next = at;
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      out[next++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[next++] = (byte) rest;
    return next;
  }

  /** Reads numbers one after another, accepting only the shortest form of each. */
  static final class Reader {
    private final String what;
    private final byte[] bytes;
    private int at;

    /**
     * Reads from a position on.
     *
     * @param what the name of the whole, for messages
     */
    Reader(String what, byte[] bytes, int from) {
      this.what = what;
      this.bytes = bytes;
      this.at = from;
    }

    long next() {
      long number = 0;
      for (int i = 0; i < MAX_BYTES; i++) {
        if (at == bytes.length) {
          throw failure("must not be truncated, got " + bytes.length + " bytes");
        }
        int b = bytes[at];
        at++;
        number |= (long) (b & 0x7F) << (7 * i);
        if (b >= 0) {
          if ((b == 0 && i > 0) || (i == MAX_BYTES - 1 && b > 1)) {
            throw failure("numbers must be in shortest form, got another before byte " + at);
          }
          return number;
        }
      }
      throw failure("numbers must have at most 10 bytes, got more before byte " + at);
    }

    int remaining() {
      return bytes.length - at;
    }

    void end() {
      if (remaining() != 0) {
        throw failure("must end here, got " + remaining() + " more bytes");
      }
    }

    IllegalArgumentException failure(String ruleAndValue) {
      return new IllegalArgumentException(what + ": " + ruleAndValue);
    }
  }
}
