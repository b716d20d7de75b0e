package dev.windrow.ingest.flush;

import dev.windrow.rollup.EntitySketch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The texts that a column of a lane's events has had, each as one object: a row's bytes are turned
 * into a string, and its hash is computed, when the text is new and not for each event. Bounded:
 * when it is full it begins anew, which only costs time. For one thread.
 */
final class Terms {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FIRST_CAPACITY = 64;
  private static final int MAX_TERMS = 1 << 18;
  private static final long MAX_BYTES = 32L << 20;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  // Texts come from clients: nobody outside can know which of them collide.
  private final long seed = System.nanoTime() * MULTIPLIER;
  private @Nullable Term[] table = new @Nullable Term[FIRST_CAPACITY];
  private int size;
  private long bytes;
  private @Nullable Term last;

  /** One text. */
  static final class Term {
    private final byte[] utf8;
    private final int hash;
    private final String text;
    private final long entityHash;

    Term(byte[] utf8, int hash) {
      this.utf8 = utf8;
      this.hash = hash;
      this.text = new String(utf8, StandardCharsets.UTF_8);
      this.entityHash = EntitySketch.hash(text);
    }

    String text() {
      return text;
    }

    /** What {@link EntitySketch#hash} says, if this is an entity's id. */
    long entityHash() {
      return entityHash;
    }

    private boolean is(byte[] in, int at, int length) {
      return utf8.length == length && Arrays.equals(utf8, 0, length, in, at, at + length);
    }
  }

  /** The term of the text in these bytes. */
  Term of(byte[] in, int at, int length) {
    Term before = last;
    if (before != null && before.is(in, at, length)) {
      return before;
    }
    int hash = hash(in, at, length);
    int mask = table.length - 1;
    int slot = hash & mask;
    Term found;
    while ((found = table[slot]) != null) {
      if (found.hash == hash && found.is(in, at, length)) {
        last = found;
        return found;
      }
      slot = (slot + 1) & mask;
    }
    Term made = new Term(Arrays.copyOfRange(in, at, at + length), hash);
    add(made, slot);
    last = made;
    return made;
  }

  private void add(Term term, int slot) {
    if (size == MAX_TERMS || bytes > MAX_BYTES) {
      table = new @Nullable Term[FIRST_CAPACITY];
      size = 0;
      bytes = 0;
      return;
    }
    table[slot] = term;
    size++;
    bytes += term.utf8.length;
    if (2 * size > table.length) {
      grow();
    }
  }

  private void grow() {
    @Nullable Term[] old = table;
    table = new @Nullable Term[2 * old.length];
    int mask = table.length - 1;
    for (Term term : old) {
      if (term != null) {
        int slot = term.hash & mask;
        while (table[slot] != null) {
          slot = (slot + 1) & mask;
        }
        table[slot] = term;
      }
    }
  }

  private int hash(byte[] in, int at, int length) {
    long h = seed ^ length;
    int end = at + length;
    int next = at;
    for (; next <= end - Long.BYTES; next += Long.BYTES) {
      h = mix(h ^ (long) LONG.get(in, next));
    }
    long rest = 0;
    for (; next < end; next++) {
      rest = rest << 8 | (in[next] & 0xff);
    }
    h = mix(h ^ rest);
    return (int) (h >>> Integer.SIZE);
  }

  private static long mix(long h) {
    long product = h * MULTIPLIER;
    return product ^ (product >>> Integer.SIZE);
  }
}
