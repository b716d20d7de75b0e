package dev.windrow.rollup;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The delta rows of one rollup in the making. For one thread. */
final class DeltaTable {
  private final RollupDefinition rollup;
  private final Density density;
  private final boolean keepsLatest;

  /** Where this rollup's dimensions are among those of all rollups of the fold. */
  private final int[] positions;

  private final Cell probe;
  private final Cell spare;

  // The row of the event before, which is often that of the next one, too.
  private @Nullable Cell last;
  private @Nullable AggregateAccumulator lastSum;
  private Map<Cell, AggregateAccumulator> rows = new HashMap<>();

  DeltaTable(RollupDefinition rollup, Density density, List<Dimension> all) {
    this.rollup = rollup;
    this.density = density;
    this.keepsLatest = rollup.keepsLatest();
    this.positions = rollup.dimensions().stream().mapToInt(all::indexOf).toArray();
    this.probe = new Cell(new String[positions.length]);
    this.spare = new Cell(new String[positions.length]);
  }

  boolean keepsLatest() {
    return keepsLatest;
  }

  /** The accumulator of an event's row. */
  AggregateAccumulator find(long occurredAtMicros, String[] allValues) {
    Grain grain = density.grainAt(occurredAtMicros);
    long start = grain.floor(occurredAtMicros);
    Cell before = last;
    AggregateAccumulator sum = lastSum;
    if (before != null && sum != null && before.is(grain, start, allValues, positions)) {
      return sum;
    }
    probe.set(grain, start, allValues, positions);
    AggregateAccumulator found = rows.get(probe);
    if (found == null) {
      found = new AggregateAccumulator();
      before = probe.copy();
      rows.put(before, found);
      last = before;
    } else {
      // The probe goes on to other rows; only its own copies stay what they are.
      last = probe.copyInto(spare);
    }
    lastSum = found;
    return found;
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows = new HashMap<>();
    last = null;
    lastSum = null;
  }

  void drainTo(Consumer<AggregateRow> out) {
    rows.forEach(
        (cell, sum) ->
            out.accept(
                new AggregateRow(
                    rollup.id(), cell.grain, cell.start, cell.key(), sum.toAggregate())));
    clear();
  }

  /** Takes all rows out as they are. */
  FoldedRows take() {
    FoldedRows taken = new FoldedRows(rollup, rows);
    clear();
    return taken;
  }

  /**
   * A row's grain, start and key. One mutable instance serves as the probe of every look-up; those
   * in the map never change. It is comparable so that the map copes with keys that were crafted to
   * have one hash.
   */
  static final class Cell implements Comparable<Cell> {
    private final String[] values;
    private Grain grain = Grain.MINUTE;
    private long start;
    private int hash;

    private Cell(String[] values) {
      this.values = values;
    }

    private void set(Grain newGrain, long newStart, String[] allValues, int[] positions) {
      int h = Long.hashCode(newStart / 1_000_000);
      for (int i = 0; i < positions.length; i++) {
        String value = allValues[positions[i]];
        values[i] = value;
        h = 31 * h + value.hashCode();
      }
      grain = newGrain;
      start = newStart;
      hash = h;
    }

    Grain grain() {
      return grain;
    }

    long start() {
      return start;
    }

    RollupKey key() {
      return RollupKey.owning(values);
    }

    private Cell copy() {
      return copyInto(new Cell(values.clone()));
    }

    private Cell copyInto(Cell copy) {
      System.arraycopy(values, 0, copy.values, 0, values.length);
      copy.grain = grain;
      copy.start = start;
      copy.hash = hash;
      return copy;
    }

    private boolean is(Grain ofGrain, long ofStart, String[] allValues, int[] positions) {
      if (start != ofStart || grain != ofGrain) {
        return false;
      }
      // From the last dimension, which tells more often than the first.
      for (int i = positions.length - 1; i >= 0; i--) {
        if (!values[i].equals(allValues[positions[i]])) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int compareTo(Cell other) {
      if (start != other.start) {
        return Long.compare(start, other.start);
      }
      return grain != other.grain
          ? grain.compareTo(other.grain)
          : Arrays.compare(values, other.values);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Cell that
          && hash == that.hash
          && start == that.start
          && grain == that.grain
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
