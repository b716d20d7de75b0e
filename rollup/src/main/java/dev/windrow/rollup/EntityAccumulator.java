package dev.windrow.rollup;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The set of hashes while an {@link EntitySketch} is being built: a lone one as it is, for that is
 * all that a row by entity ever has; then a hash table with linear probing up to {@link
 * EntitySketch#MAX_EXACT} of them, then an UltraLogLog of them all. For one thread.
 */
final class EntityAccumulator {
  private static final int INITIAL_CAPACITY = 4;
  private static final long[] NO_TABLE = new long[0];

  /** The hash of a set of one, while there is no table. */
  private long lone;

  /** 0 marks a free slot; the hash 0 itself is {@link #hasZero}. */
  private long[] table = NO_TABLE;

  private boolean hasZero;
  private int size;
  private @Nullable UltraLogLog dense;

  void add(long hash) {
    if (dense != null) {
      dense.add(hash);
    } else if (table != NO_TABLE) {
      addToTable(hash);
    } else if (size == 0) {
      lone = hash;
      size = 1;
    } else if (lone != hash) {
      table = new long[INITIAL_CAPACITY];
      size = 0;
      addToTable(lone);
      addToTable(hash);
    }
  }

  private void addToTable(long hash) {
    if (hash == 0) {
      if (!hasZero) {
        hasZero = true;
        size++;
      }
    } else {
      int slot = slotOf(hash);
      if (table[slot] != 0) {
        return;
      }
      table[slot] = hash;
      size++;
      if (2 * size > table.length) {
        grow();
      }
    }
    if (size > EntitySketch.MAX_EXACT) {
      densify();
    }
  }

  void merge(EntitySketch sketch) {
    UltraLogLog other = sketch.dense();
    if (other == null) {
      for (long hash : sketch.hashes()) {
        add(hash);
      }
    } else {
      densify().add(other);
    }
  }

  void merge(EntityAccumulator other) {
    if (other.dense != null) {
      densify().add(other.dense);
      return;
    }
    if (other.table == NO_TABLE) {
      if (other.size == 1) {
        add(other.lone);
      }
      return;
    }
    if (other.hasZero) {
      add(0);
    }
    for (long hash : other.table) {
      if (hash != 0) {
        add(hash);
      }
    }
  }

  EntitySketch toSketch() {
    return dense == null ? EntitySketch.owning(sortedHashes()) : EntitySketch.owning(dense.copy());
  }

  private UltraLogLog densify() {
    if (dense == null) {
      UltraLogLog all = UltraLogLog.create(EntitySketch.PRECISION);
      for (long hash : sortedHashes()) {
        all.add(hash);
      }
      dense = all;
      table = NO_TABLE;
    }
    return dense;
  }

  /** Ascending as unsigned numbers. */
  private long[] sortedHashes() {
    if (table == NO_TABLE) {
      return size == 0 ? NO_TABLE : new long[] {lone};
    }
    long[] sorted = new long[size];
    int n = 0;
    if (hasZero) {
      sorted[n] = Long.MIN_VALUE;
      n++;
    }
    for (long hash : table) {
      if (hash != 0) {
        // Flipping the top bit makes the signed order of the library's sort the unsigned one.
        sorted[n] = hash ^ Long.MIN_VALUE;
        n++;
      }
    }
    Arrays.sort(sorted);
    for (int i = 0; i < size; i++) {
      sorted[i] ^= Long.MIN_VALUE;
    }
    return sorted;
  }

  private int slotOf(long hash) {
    int mask = table.length - 1;
    int slot = (int) hash & mask;
    while (table[slot] != 0 && table[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = table;
    table = new long[old.length * 2];
    for (long hash : old) {
      if (hash != 0) {
        table[slotOf(hash)] = hash;
      }
    }
  }
}
