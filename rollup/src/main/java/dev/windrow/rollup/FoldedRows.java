package dev.windrow.rollup;

import java.util.Map;

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

  /** What each grain has of them; a grain that none has is left out. */
  public Map<Grain, GrainTally.Share> shares() {
    GrainTally tally = new GrainTally();
    rows.forEach((cell, sum) -> tally.add(cell.grain(), cell.start(), sum.count()));
    return tally.shares();
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
