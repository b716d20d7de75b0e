package dev.windrow.rollup;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The delta rows of one rollup in the making. For one thread. */
final class DeltaTable {
  private final RollupDefinition rollup;
  private final Grain grain;

  /** Where this rollup's dimensions are among those of all rollups of the fold. */
  private final int[] positions;

  private final Cell probe;
  private Map<Cell, AggregateAccumulator> rows = new HashMap<>();

  DeltaTable(RollupDefinition rollup, List<Dimension> all) {
    this.rollup = rollup;
    this.grain = rollup.finest();
    this.positions = rollup.dimensions().stream().mapToInt(all::indexOf).toArray();
    this.probe = new Cell(new String[positions.length]);
  }

  /** The accumulator of an event's row. */
  AggregateAccumulator find(long occurredAtMicros, String[] allValues) {
    probe.set(grain.floor(occurredAtMicros), allValues, positions);
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

  void drainTo(List<AggregateRow> out) {
    rows.forEach(
        (cell, sum) ->
            out.add(
                new AggregateRow(
                    rollup.id(),
                    grain,
                    cell.start,
                    RollupKey.owning(cell.values),
                    sum.toAggregate())));
    rows = new HashMap<>();
  }

  /**
   * A row's start and key. One mutable instance serves as the probe of every look-up; those in the
   * map never change. It is comparable so that the map copes with keys that were crafted to have
   * one hash.
   */
  private static final class Cell implements Comparable<Cell> {
    private final String[] values;
    private long start;
    private int hash;

    Cell(String[] values) {
      this.values = values;
    }

    void set(long newStart, String[] allValues, int[] positions) {
      int h = Long.hashCode(newStart / 1_000_000);
      for (int i = 0; i < positions.length; i++) {
        String value = allValues[positions[i]];
        values[i] = value;
        h = 31 * h + value.hashCode();
      }
      start = newStart;
      hash = h;
    }

    Cell copy() {
      Cell copy = new Cell(values.clone());
      copy.start = start;
      copy.hash = hash;
      return copy;
    }

    @Override
    public int compareTo(Cell other) {
      return start != other.start
          ? Long.compare(start, other.start)
          : Arrays.compare(values, other.values);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Cell that
          && hash == that.hash
          && start == that.start
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
