package dev.windrow.rollup;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The delta rows of one rollup in the making. For one thread. */
final class DeltaTable {
  private final RollupDefinition rollup;
  private final Density density;

  /** Where this rollup's dimensions are among those of all rollups of the fold. */
  private final int[] positions;

  private final Cell probe;
  private Map<Cell, AggregateAccumulator> rows = new HashMap<>();

  DeltaTable(RollupDefinition rollup, Density density, List<Dimension> all) {
    this.rollup = rollup;
    this.density = density;
    this.positions = rollup.dimensions().stream().mapToInt(all::indexOf).toArray();
    this.probe = new Cell(new String[positions.length]);
  }

  /** The accumulator of an event's row. */
  AggregateAccumulator find(long occurredAtMicros, String[] allValues) {
    Grain grain = density.grainAt(occurredAtMicros);
    probe.set(grain, grain.floor(occurredAtMicros), allValues, positions);
    AggregateAccumulator found = rows.get(probe);
    if (found == null) {
      found = new AggregateAccumulator();
      rows.put(probe.copy(), found);
    }
    return found;
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows = new HashMap<>();
  }

  void drainTo(Consumer<AggregateRow> out) {
    rows.forEach(
        (cell, sum) ->
            out.accept(
                new AggregateRow(
                    rollup.id(),
                    cell.grain,
                    cell.start,
                    RollupKey.owning(cell.values),
                    sum.toAggregate())));
    clear();
  }

  /**
   * A row's grain, start and key. One mutable instance serves as the probe of every look-up; those
   * in the map never change. It is comparable so that the map copes with keys that were crafted to
   * have one hash.
   */
  private static final class Cell implements Comparable<Cell> {
    private final String[] values;
    private Grain grain = Grain.MINUTE;
    private long start;
    private int hash;

    Cell(String[] values) {
      this.values = values;
    }

    void set(Grain newGrain, long newStart, String[] allValues, int[] positions) {
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

    Cell copy() {
      Cell copy = new Cell(values.clone());
      copy.grain = grain;
      copy.start = start;
      copy.hash = hash;
      return copy;
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
