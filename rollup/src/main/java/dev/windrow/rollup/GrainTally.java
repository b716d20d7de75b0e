package dev.windrow.rollup;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What each grain has of the rows of a fold. For one thread. */
public final class GrainTally {
  private final Map<Grain, Tally> byGrain = new EnumMap<>(Grain.class);

  private static final class Tally {
    long events;
    int rows;
    final Set<Long> starts = new HashSet<>();
  }

  /**
   * The rows of one grain.
   *
   * @param events in all of them
   * @param spans buckets of the grid that they touch, whatever their keys
   */
  public record Share(long events, int rows, int spans) {}

  /** Counts a row. */
  public void add(Grain grain, long startMicros, long events) {
    Tally tally = byGrain.computeIfAbsent(grain, first -> new Tally());
    tally.events += events;
    tally.rows++;
    tally.starts.add(startMicros);
  }

  /** By grain; one without rows is left out. */
  public Map<Grain, Share> shares() {
    Map<Grain, Share> shares = new EnumMap<>(Grain.class);
    byGrain.forEach(
        (grain, tally) ->
            shares.put(grain, new Share(tally.events, tally.rows, tally.starts.size())));
    return shares;
  }

  /** Begins anew. */
  public void clear() {
    byGrain.clear();
  }
}
