package dev.windrow.rollup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Folds events into delta rows: per rollup one row for each key and bucket of its finest grain. For
 * one thread.
 *
 * <p>What several rollups need of an event (its dimension values, the bin of its value) is worked
 * out once, and an event that meets an existing row allocates nothing.
 */
public final class DeltaFold {
  private final List<Function<EventFacts, String>> readers;
  private final String[] values;
  private final List<DeltaTable> tables;

  /**
   * A fold into these rollups.
   *
   * @throws IllegalArgumentException if two have one id
   */
  public DeltaFold(List<RollupDefinition> rollups) {
    Set<Dimension> union = new LinkedHashSet<>();
    Set<Integer> ids = new HashSet<>();
    for (RollupDefinition rollup : rollups) {
      if (!ids.add(rollup.id())) {
        throw new IllegalArgumentException("rollups: ids must be distinct, got " + rollup.id());
      }
      union.addAll(rollup.dimensions());
    }
    List<Dimension> dimensions = List.copyOf(union);
    readers = dimensions.stream().map(Dimension::reader).toList();
    values = new String[readers.size()];
    tables = rollups.stream().map(rollup -> new DeltaTable(rollup, dimensions)).toList();
  }

  /**
   * Adds one event to every rollup.
   *
   * @throws IllegalArgumentException if its value is NaN or infinite; nothing is added then
   */
  public void add(EventFacts event) {
    boolean hasValue = event.hasValue();
    double value = 0;
    int bin = 0;
    if (hasValue) {
      value = event.value();
      AggregateAccumulator.requireFinite(value);
      bin = LogBins.of(value);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = Objects.requireNonNull(readers.get(i).apply(event));
    }
    long occurredAt = event.occurredAtMicros();
    long amount = event.amount();
    long entityHash = event.entityHash();
    for (int i = 0; i < tables.size(); i++) {
      tables.get(i).find(occurredAt, values).add(hasValue, value, bin, amount, entityHash);
    }
  }

  /** The number of rows that {@link #drain} would return. */
  public int size() {
    int size = 0;
    for (DeltaTable table : tables) {
      size += table.size();
    }
    return size;
  }

  /** The rows in no particular order; the fold is empty afterwards. */
  public List<AggregateRow> drain() {
    List<AggregateRow> rows = new ArrayList<>(size());
    tables.forEach(table -> table.drainTo(rows));
    return rows;
  }
}
