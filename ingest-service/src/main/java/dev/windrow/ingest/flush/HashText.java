package dev.windrow.ingest.flush;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * PostgreSQL's {@code hashtext}: Bob Jenkins' lookup3 (2006) as PostgreSQL has it in {@code
 * hash_bytes}. It only orders rows so that PostgreSQL's index over the same function is narrow: a
 * difference would cost time and change no answer.
 */
final class HashText {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int SEED = 0x9e3779b9 + 3923095;

  private HashText() {}

  static int of(byte[] bytes, int from, int length) {
    int a = SEED + length;
    int b = a;
    int c = a;
    int at = from;
    int left = length;
    for (; left >= 12; left -= 12, at += 12) {
      a += (int) INT.get(bytes, at);
      b += (int) INT.get(bytes, at + 4);
      c += (int) INT.get(bytes, at + 8);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    a += part(bytes, at, left);
    b += part(bytes, at + 4, left - 4);
    // The lowest byte of c stays free, for the length was added there.
    c += part(bytes, at + 8, left - 8) << 8;
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  /** Up to four bytes as a little-endian number. */
  private static int part(byte[] bytes, int at, int left) {
    if (left >= 4) {
      return (int) INT.get(bytes, at);
    }
    int part = 0;
    for (int i = 0; i < left; i++) {
      part |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return part;
  }
}
