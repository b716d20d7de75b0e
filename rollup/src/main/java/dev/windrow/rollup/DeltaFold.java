package dev.windrow.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Folds events into delta rows: per rollup one row for each key and bucket of a grain that it
 * keeps. For one thread.
 *
 * <p>What several rollups need of an event (its dimension values, the bin of its value) is worked
 * out once, and an event that meets an existing row allocates nothing.
 */
public final class DeltaFold {
  private final List<Function<EventFacts, String>> readers;
  private final String[] values;
  private final List<DeltaTable> tables;
  private final Map<Integer, DeltaTable> byRollup = new HashMap<>();

  /**
   * A fold into these rollups, at the finest grain of each.
   *
   * @throws IllegalArgumentException if two have one id
   */
  public DeltaFold(List<RollupDefinition> rollups) {
    this(rollups, rollup -> Density.kept(rollup.finest()));
  }

  /**
   * A fold into these rollups.
   *
   * @param densities which grain each of them is folded at, and when
   * @throws IllegalArgumentException if two have one id
   */
  public DeltaFold(List<RollupDefinition> rollups, Function<RollupDefinition, Density> densities) {
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
    tables =
        rollups.stream()
            .map(rollup -> new DeltaTable(rollup, densities.apply(rollup), dimensions))
            .toList();
    for (int i = 0; i < rollups.size(); i++) {
      byRollup.put(rollups.get(i).id(), tables.get(i));
    }
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
      DeltaTable table = tables.get(i);
      AggregateAccumulator row = table.find(occurredAt, values);
      row.add(hasValue, value, bin, amount, entityHash);
      if (table.keepsLatest()) {
        row.addLatest(event);
      }
    }
  }

  /** The number of rows that {@link #drain()} would return. */
  public int size() {
    int size = 0;
    for (DeltaTable table : tables) {
      size += table.size();
    }
    return size;
  }

  /** The number of rows of one rollup. */
  public int size(int rollupId) {
    return table(rollupId).size();
  }

  /** The rows in no particular order; the fold is empty afterwards. */
  public List<AggregateRow> drain() {
    List<AggregateRow> rows = new ArrayList<>(size());
    tables.forEach(table -> table.drainTo(rows::add));
    return rows;
  }

  /** Takes the rows of one rollup out, in no particular order; it is empty afterwards. */
  public void drain(int rollupId, Consumer<AggregateRow> rows) {
    table(rollupId).drainTo(rows);
  }

  /** Takes the rows of one rollup out as they are; it is empty afterwards. */
  public FoldedRows take(int rollupId) {
    return table(rollupId).take();
  }

  private DeltaTable table(int rollupId) {
    DeltaTable table = byRollup.get(rollupId);
    if (table == null) {
      throw new IllegalArgumentException("rollup: must be one of the fold, got " + rollupId);
    }
    return table;
  }
}
