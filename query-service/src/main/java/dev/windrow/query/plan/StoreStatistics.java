package dev.windrow.query.plan;

import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * What is known of how many rows of one tenant lie where, a moment ago. {@link Assumption}s take
 * its place where nothing is known. Where there was no table there are no rows.
 */
public final class StoreStatistics {
  private static final StoreStatistics UNKNOWN = new StoreStatistics(false, Map.of(), Map.of());

  private final boolean known;
  // By time; the tables of a tier have the same bounds or disjoint ones.
  private final Map<Tier, List<TableStatistics>> tables = new EnumMap<>(Tier.class);
  private final Map<Integer, DeltaStatistics> deltas;

  private StoreStatistics(
      boolean known,
      Map<Tier, List<TableStatistics>> tables,
      Map<Integer, DeltaStatistics> deltas) {
    this.known = known;
    tables.forEach((tier, all) -> this.tables.put(tier, byTime(all)));
    this.deltas = Map.copyOf(deltas);
  }

  /** Nothing is known. */
  public static StoreStatistics unknown() {
    return UNKNOWN;
  }

  /**
   * What is known.
   *
   * @param tables of events ({@link Tier#RAW}) and of the buckets of each grain; those of a tier
   *     have the same bounds or disjoint ones
   * @param deltas by the id of the rollup; one that is not there has no delta rows
   */
  public static StoreStatistics of(
      Map<Tier, List<TableStatistics>> tables, Map<Integer, DeltaStatistics> deltas) {
    return new StoreStatistics(true, tables, deltas);
  }

  /**
   * About how many events lie in these ranges.
   *
   * @param entities of how many entities; 0 means all
   */
  double events(List<TimeRange> ranges, int entities) {
    return known
        ? sum(
            Tier.RAW,
            ranges,
            (table, range) -> table.events(range, entities),
            table -> table.events(entities))
        : ranges.stream().mapToDouble(Assumption::events).sum();
  }

  /** About how many buckets of a rollup these segments have, none of which is raw. */
  double buckets(List<Segment> segments, RollupDefinition rollup) {
    if (!known) {
      return segments.stream()
          .mapToDouble(
              segment -> Assumption.buckets(segment.range(), WindowPlan.grainOf(segment), rollup))
          .sum();
    }
    double rows = 0;
    for (Tier tier : tables.keySet()) {
      List<TimeRange> ranges =
          segments.stream().filter(segment -> segment.tier() == tier).map(Segment::range).toList();
      rows +=
          sum(
              tier,
              ranges,
              (table, range) -> table.buckets(range, tier.grain().orElseThrow(), rollup),
              table -> table.buckets(rollup));
    }
    return rows;
  }

  /** About how many delta rows of a rollup lie in these ranges. */
  double deltas(List<TimeRange> ranges, RollupDefinition rollup) {
    DeltaStatistics delta = deltas.get(rollup.id());
    return delta == null ? 0 : ranges.stream().mapToDouble(delta::rows).sum();
  }

  /** The rows of these ranges in each table, but of no table more than it has. */
  private double sum(
      Tier tier,
      List<TimeRange> ranges,
      ToDoubleBiFunction<TableStatistics, TimeRange> rows,
      ToDoubleFunction<TableStatistics> most) {
    List<TableStatistics> all = tables.getOrDefault(tier, List.of());
    double[] found = new double[all.size()];
    for (TimeRange range : ranges) {
      for (int i = firstEndingAfter(all, range.fromMicros());
          i < all.size() && all.get(i).bounds().fromMicros() < range.toMicros();
          i++) {
        found[i] += rows.applyAsDouble(all.get(i), range.intersect(all.get(i).bounds()));
      }
    }
    double sum = 0;
    for (int i = 0; i < found.length; i++) {
      sum += found[i] == 0 ? 0 : Math.min(found[i], most.applyAsDouble(all.get(i)));
    }
    return sum;
  }

  private static int firstEndingAfter(List<TableStatistics> tables, long micros) {
    int low = 0;
    int high = tables.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tables.get(middle).bounds().toMicros() > micros) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static List<TableStatistics> byTime(List<TableStatistics> tables) {
    List<TableStatistics> byTime = new ArrayList<>(tables);
    byTime.sort(Comparator.comparingLong(table -> table.bounds().fromMicros()));
    return List.copyOf(byTime);
  }
}
