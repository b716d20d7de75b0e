package dev.windrow.ingest.accept;

import dev.windrow.ingest.copy.CopyFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of a {@code google.protobuf.Struct} into the JSON text that {@link JsonText}
 * makes of the message, without making the message. What is unusual (repeated keys, several kinds
 * in one value, deep nesting, anything that is to be refused) it leaves alone, for the message to
 * decide. For one thread.
 */
final class PlainStruct {
  private static final int MAX_DEPTH = 30;
  private static final double MAX_WHOLE = 1e15;
  // Per entry: the key's start and end, the value's start and end.
  private static final int STRIDE = 4;
  // From here on the order of UTF-8 bytes is not that of UTF-16 code units.
  private static final int LAST_COMMON_LEAD = 0xed;

  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private final byte[] in;
  private final CopyFields out;
  private final Wire wire;
  private int[] entries = new int[16 * STRIDE];
  private int used;

  PlainStruct(byte[] in, CopyFields out) {
    this.in = in;
    this.out = out;
    this.wire = new Wire(in);
  }

  /** Writes the struct in these bytes; false if it is not plain, and then part of it is written. */
  boolean write(int from, int to) {
    used = 0;
    return object(from, to, 0);
  }

  /**
   * Writes an object of texts.
   *
   * @param slots per text the start and end of its name, then of itself
   */
  boolean writeTexts(int[] slots, int count) {
    used = count;
    if (entries.length < count) {
      entries = new int[count];
    }
    System.arraycopy(slots, 0, entries, 0, count);
    if (!sort(0)) {
      return false;
    }
    for (int entry = 0; entry < count; entry += STRIDE) {
      out.raw(entry == 0 ? '{' : ',');
      if (!string(entries[entry], entries[entry + 1])) {
        return false;
      }
      out.raw(':');
      if (!string(entries[entry + 2], entries[entry + 3])) {
        return false;
      }
    }
    out.raw('}');
    return true;
  }

  private boolean object(int from, int to, int depth) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    int first = used;
    if (!collect(from, to) || !sort(first)) {
      return false;
    }
    int end = used;
    out.raw('{');
    for (int entry = first; entry < end; entry += STRIDE) {
      if (entry > first) {
        out.raw(',');
      }
      if (!string(entries[entry], entries[entry + 1])) {
        return false;
      }
      out.raw(':');
      if (!value(entries[entry + 2], entries[entry + 3], depth)) {
        return false;
      }
    }
    out.raw('}');
    used = first;
    return true;
  }

  private boolean collect(int from, int to) {
    wire.read(from, to);
    while (wire.more()) {
      if (wire.varint() != 10) {
        return false;
      }
      int end = wire.length();
      end += wire.at();
      if (wire.failed() || !entry(end)) {
        return false;
      }
      wire.resume(end, to);
    }
    return !wire.failed();
  }

  private boolean entry(int end) {
    int next = used;
    if (next + STRIDE > entries.length) {
      entries = Arrays.copyOf(entries, 2 * entries.length);
    }
    Arrays.fill(entries, next, next + STRIDE, end);
    wire.resume(wire.at(), end);
    int seen = 0;
    while (wire.more()) {
      long tag = wire.varint();
      int part = tag == 10 ? 0 : tag == 18 ? 2 : -1;
      if (part < 0 || (seen & (1 << part)) != 0) {
        return false;
      }
      seen |= 1 << part;
      int length = wire.length();
      entries[next + part] = wire.at();
      entries[next + part + 1] = wire.at() + length;
      wire.skip(length);
    }
    used = next + STRIDE;
    return !wire.failed();
  }

  /** By insertion: keys are few. False if two are equal or their order is in doubt. */
  private boolean sort(int first) {
    for (int entry = first; entry < used; entry += STRIDE) {
      for (int i = entries[entry]; i < entries[entry + 1]; i++) {
        if ((in[i] & 0xff) > LAST_COMMON_LEAD) {
          return false;
        }
      }
      for (int at = entry; at > first; at -= STRIDE) {
        int order =
            Arrays.compareUnsigned(
                in,
                entries[at - STRIDE],
                entries[at - STRIDE + 1],
                in,
                entries[at],
                entries[at + 1]);
        if (order == 0) {
          return false;
        }
        if (order < 0) {
          break;
        }
        swap(at - STRIDE, at);
      }
      if (entry - first > 64 * STRIDE) {
        return false;
      }
    }
    return true;
  }

  private void swap(int a, int b) {
    for (int i = 0; i < STRIDE; i++) {
      int kept = entries[a + i];
      entries[a + i] = entries[b + i];
      entries[b + i] = kept;
    }
  }

  private boolean value(int from, int to, int depth) {
    if (from == to) {
      out.raw(NULL, 0, NULL.length);
      return true;
    }
    wire.read(from, to);
    int tag = (int) wire.varint();
    switch (tag) {
      case 8 -> {
        wire.varint();
        out.raw(NULL, 0, NULL.length);
      }
      case 17 -> {
        if (!number(wire.fixed64())) {
          return false;
        }
      }
      case 32 -> {
        byte[] literal = wire.varint() != 0 ? TRUE : FALSE;
        out.raw(literal, 0, literal.length);
      }
      case 26, 42, 50 -> {
        int length = wire.length();
        int start = wire.at();
        if (wire.failed() || start + length != to) {
          return false;
        }
        return switch (tag) {
          case 26 -> string(start, to);
          case 42 -> object(start, to, depth + 1);
          default -> array(start, to, depth + 1);
        };
      }
      default -> {
        return false;
      }
    }
    return !wire.failed() && wire.at() == to;
  }

  private boolean array(int from, int to, int depth) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    out.raw('[');
    int at = from;
    while (at < to) {
      wire.read(at, to);
      if (wire.varint() != 10) {
        return false;
      }
      int length = wire.length();
      int start = wire.at();
      if (wire.failed()) {
        return false;
      }
      if (at > from) {
        out.raw(',');
      }
      if (!value(start, start + length, depth)) {
        return false;
      }
      at = start + length;
    }
    out.raw(']');
    return true;
  }

  private boolean number(double number) {
    if (!Double.isFinite(number)) {
      return false;
    }
    long whole = (long) number;
    if (whole == number && Math.abs(number) < MAX_WHOLE) {
      whole(whole);
    } else {
      byte[] text = ascii(Double.toString(number));
      out.raw(text, 0, text.length);
    }
    return true;
  }

  private void whole(long number) {
    if (number < 0) {
      out.raw('-');
    }
    long rest = Math.abs(number);
    long scale = 1;
    while (scale <= rest / 10) {
      scale *= 10;
    }
    for (; scale > 0; scale /= 10) {
      out.raw('0' + (int) (rest / scale));
      rest %= scale;
    }
  }

  private boolean string(int from, int to) {
    if (Utf8.utf16Length(in, from, to) < 0) {
      return false;
    }
    out.raw('"');
    int copied = from;
    for (int i = from; i < to; i++) {
      byte c = in[i];
      if (c == '"' || c == '\\' || (c >= 0 && c < 0x20)) {
        out.raw(in, copied, i - copied);
        copied = i + 1;
        escape(c);
      }
    }
    out.raw(in, copied, to - copied);
    out.raw('"');
    return true;
  }

  private void escape(byte c) {
    out.raw('\\');
    switch (c) {
      case '\n' -> out.raw('n');
      case '\r' -> out.raw('r');
      case '\t' -> out.raw('t');
      case '"', '\\' -> out.raw(c);
      default -> {
        out.raw('u');
        out.raw('0');
        out.raw('0');
        out.raw(HEX[c >> 4]);
        out.raw(HEX[c & 15]);
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
