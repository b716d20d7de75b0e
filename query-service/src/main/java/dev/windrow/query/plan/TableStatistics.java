package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.Map;

/**
 * What is known of one table of events, or of buckets of one grain, and of one tenant's part of it.
 *
 * @param bounds outside of which it has no rows
 * @param spread where in time its rows are
 * @param tenantShare the part of the rows that is the tenant's, 0 to 1
 * @param rollupShares of buckets: the part of the rows that is a rollup's, by its id; without those
 *     that are not known
 * @param entities of events: how many there are; 0 if that is not known
 */
public record TableStatistics(
    TimeRange bounds,
    TimeSpread spread,
    TableSize size,
    double tenantShare,
    Map<Integer, Double> rollupShares,
    double entities) {
  // About what a page of 8 kB takes.
  private static final double EVENTS_PER_PAGE = 60;
  private static final double BUCKETS_PER_PAGE = 40;
  // What PostgreSQL takes, too, for a column that was never analysed.
  private static final double USUAL_ENTITIES = 200;

  public TableStatistics {
    rollupShares = Map.copyOf(rollupShares);
  }

  /** About how many events of this many entities there are; 0 means all. */
  double events(int wanted) {
    double known = entities > 0 ? entities : USUAL_ENTITIES;
    double share = wanted == 0 ? 1 : Math.min(1, wanted / known);
    return size.rows(EVENTS_PER_PAGE) * tenantShare * share;
  }

  /** How many of them lie in a range within the bounds. */
  double events(TimeRange range, int wanted) {
    double all = events(wanted);
    return spread.isKnown() ? part(all, range) : Math.min(all, Assumption.events(range));
  }

  /** About how many buckets of a rollup there are. */
  double buckets(RollupDefinition rollup) {
    double share = rollupShares.getOrDefault(rollup.id(), 1.0);
    return size.rows(BUCKETS_PER_PAGE) * tenantShare * share;
  }

  /** How many of them, all of one grain, start in a range within the bounds. */
  double buckets(TimeRange range, Grain grain, RollupDefinition rollup) {
    double all = buckets(rollup);
    return spread.isKnown() && rollupShares.containsKey(rollup.id())
        ? part(all, range)
        : Math.min(all, Assumption.buckets(range, grain, rollup));
  }

  private double part(double rows, TimeRange range) {
    return rows * (size.grown() ? spread.partIfGrown(range) : spread.part(range));
  }
}
