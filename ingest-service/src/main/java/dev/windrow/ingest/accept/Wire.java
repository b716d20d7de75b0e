package dev.windrow.ingest.accept;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A reader of protobuf's wire format over a part of an array. Reading beyond the part, or a number
 * that is no varint, makes it {@link #failed}, and everything read from then on is 0.
 */
final class Wire {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] in;
  private int at;
  private int limit;
  private boolean failed;

  Wire(byte[] in) {
    this.in = in;
  }

  void read(int from, int to) {
    at = from;
    limit = to;
    failed = false;
  }

  boolean failed() {
    return failed;
  }

  int at() {
    return at;
  }

  int limit() {
    return limit;
  }

  boolean more() {
    return at < limit && !failed;
  }

  /** Goes on behind a nested part, up to the end of the part around it. */
  void resume(int from, int to) {
    at = from;
    limit = to;
  }

  /** The length of a field, and moves to its content, which lies within this part. */
  int length() {
    long length = varint();
    if (length < 0 || length > limit - at) {
      return (int) fail();
    }
    return (int) length;
  }

  void skip(int count) {
    at += count;
  }

  long varint() {
    if (at < limit && in[at] >= 0) {
      return in[at++];
    }
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && at < limit; shift += 7) {
      byte next = in[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return fail();
  }

  double fixed64() {
    if (limit - at < Long.BYTES) {
      return fail();
    }
    double value = Double.longBitsToDouble((long) LONG.get(in, at));
    at += Long.BYTES;
    return value;
  }

  private long fail() {
    failed = true;
    at = limit;
    return 0;
  }
}
