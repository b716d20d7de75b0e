package dev.windrow.rollup;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The delta rows of one rollup, as a {@link DeltaFold} has left them, still in the form in which
 * they can be added up. Whoever has them owns them: a {@link CompactionFold} takes them apart.
 */
public final class FoldedRows {
  private final RollupDefinition rollup;
  private final Map<DeltaTable.Cell, AggregateAccumulator> rows;

  FoldedRows(RollupDefinition rollup, Map<DeltaTable.Cell, AggregateAccumulator> rows) {
    this.rollup = rollup;
    this.rows = rows;
  }

  public RollupDefinition rollup() {
    return rollup;
  }

  public int size() {
    return rows.size();
  }

  /** How many rows have each grain; a grain that none has is left out. */
  public Map<Grain, Integer> sizes() {
    Map<Grain, Integer> sizes = new EnumMap<>(Grain.class);
    for (DeltaTable.Cell cell : rows.keySet()) {
      sizes.merge(cell.grain(), 1, Integer::sum);
    }
    return sizes;
  }

  /** How many buckets of the grid they touch, whatever their keys. */
  public int starts() {
    Set<Long> starts = new HashSet<>();
    for (DeltaTable.Cell cell : rows.keySet()) {
      starts.add(cell.start());
    }
    return starts.size();
  }

  void forEach(Visitor visitor) {
    rows.forEach((cell, sum) -> visitor.visit(cell.grain(), cell.start(), cell.key(), sum));
  }

  /** Receives a row. */
  @FunctionalInterface
  interface Visitor {
    void visit(Grain grain, long startMicros, RollupKey key, AggregateAccumulator sum);
  }
}
