package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Grain;
import java.util.Set;

/**
 * What is to be done to a day.
 *
 * @param rollupIds that are rebuilt; empty for all
 * @param runId which the buckets that are written keep, and under which the run is recorded
 * @param change what is done before; nothing if it only verifies
 * @param repair whether the rollups have been answered from, so that whoever has read what was
 *     wrong must hear of it
 * @param dispensable grains whose buckets may be left out where they are hardly fewer than the
 *     events
 */
record DayTask(
    Set<Integer> rollupIds,
    RebuildMode mode,
    long runId,
    DayChange change,
    boolean repair,
    Set<Grain> dispensable) {
  DayTask {
    rollupIds = Set.copyOf(rollupIds);
    dispensable = Set.copyOf(dispensable);
  }
}
