package dev.windrow.query.plan;

import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Statistics for tests: tables whose rows were counted and are spread over all their bounds. */
final class KnownTables {
  private static final TimeRange YEAR = range("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  private final Map<Tier, List<TableStatistics>> tables = new EnumMap<>(Tier.class);
  private final Map<Integer, DeltaStatistics> deltas = new HashMap<>();

  /** Events of a whole year. */
  KnownTables events(double perSecond) {
    return add(Tier.RAW, counted(YEAR, perSecond * YEAR.lengthMicros() / 1e6, Map.of(), 1000));
  }

  /** Buckets of a whole year, as many of one rollup as of another in each span. */
  KnownTables buckets(Tier tier, Map<RollupDefinition, Double> perSpan) {
    double each = perSpan.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<Integer, Double> shares = new HashMap<>();
    perSpan.forEach((rollup, rows) -> shares.put(rollup.id(), rows / each));
    double spans = (double) YEAR.lengthMicros() / tier.grain().orElseThrow().micros();
    return add(tier, counted(YEAR, spans * each, shares, 0));
  }

  KnownTables delta(RollupDefinition rollup, TimeRange day, long rows) {
    deltas.put(rollup.id(), new DeltaStatistics(Map.of(day.fromMicros(), rows)));
    return this;
  }

  KnownTables add(Tier tier, TableStatistics table) {
    tables.computeIfAbsent(tier, t -> new ArrayList<>()).add(table);
    return this;
  }

  StoreStatistics statistics() {
    return StoreStatistics.of(tables, deltas);
  }

  private static TableStatistics counted(
      TimeRange bounds, double rows, Map<Integer, Double> shares, double entities) {
    return new TableStatistics(
        bounds, TimeSpread.even(bounds), new TableSize(rows, 10, 10), 1, shares, entities);
  }

  static TimeRange range(String from, String to) {
    return new TimeRange(Micros.of(Instant.parse(from)), Micros.of(Instant.parse(to)));
  }
}
