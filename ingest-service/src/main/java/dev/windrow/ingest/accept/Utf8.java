package dev.windrow.ingest.accept;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at UTF-8 without turning it into strings. */
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;

  private Utf8() {}

  /**
   * The length of a text in UTF-16 code units.
   *
   * @return -1 if these bytes are not UTF-8 or hold U+0000
   */
  static int utf16Length(byte[] in, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = (long) LONG.get(in, at);
      // A high bit is set where a byte is not ASCII, or is 0 (or follows a 0: then too).
      if (((eight | (eight - LOW_BITS)) & HIGH_BITS) != 0) {
        return slowLength(in, from, to);
      }
    }
    for (; at < to; at++) {
      if (in[at] <= 0) {
        return slowLength(in, from, to);
      }
    }
    return to - from;
  }

  private static int slowLength(byte[] in, int from, int to) {
    int units = 0;
    int at = from;
    while (at < to) {
      int lead = in[at];
      if (lead > 0) {
        at++;
        units++;
        continue;
      }
      int size = size(lead & 0xff);
      if (size == 0 || at + size > to || !continued(in, at, size)) {
        return -1;
      }
      at += size;
      units += size == 4 ? 2 : 1;
    }
    return units;
  }

  /** The number of bytes of a character by its first one; 0 if none begins so. */
  private static int size(int lead) {
    if (lead >= 0xc2 && lead <= 0xdf) {
      return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      return 3;
    }
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  }

  private static boolean continued(byte[] in, int at, int size) {
    for (int i = 1; i < size; i++) {
      if ((in[at + i] & 0xc0) != 0x80) {
        return false;
      }
    }
    int lead = in[at] & 0xff;
    int second = in[at + 1] & 0xff;
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    return switch (lead) {
      case 0xe0 -> second >= 0xa0;
      case 0xed -> second < 0xa0;
      case 0xf0 -> second >= 0x90;
      case 0xf4 -> second < 0x90;
      default -> true;
    };
  }
}
