package dev.windrow.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds delta rows and the buckets they belong to into the new state of those buckets. For one
 * thread.
 */
public final class CompactionFold {
  private final Map<Integer, RollupDefinition> rollups;
  private Map<Bucket, AggregateAccumulator> buckets = new HashMap<>();

  // Deltas of one bucket are added up before they are added to the bucket of every grain.
  private Map<Bucket, AggregateAccumulator> deltas = new HashMap<>();

  /** A fold of the rows of these rollups, by their ids. */
  public CompactionFold(Map<Integer, RollupDefinition> rollups) {
    this.rollups = Map.copyOf(rollups);
  }

  /**
   * Adds a delta row to its bucket of every grain of its rollup that is not finer than its own.
   *
   * @throws IllegalStateException if the rollup is unknown, or the row is not one of its deltas
   */
  public void addDelta(AggregateRow delta) {
    RollupDefinition rollup = rollupOf(delta);
    if (!rollup.grains().contains(delta.grain())) {
      throw new IllegalStateException(
          "delta: grain must be one of "
              + rollup.grains()
              + " in rollup "
              + rollup.name()
              + ", got "
              + delta.grain());
    }
    merge(deltas, delta.grain(), delta.startMicros(), delta);
  }

  /**
   * Adds a bucket as it is stored, at its own grain alone.
   *
   * @throws IllegalStateException if the rollup is unknown, or the row is not one of its buckets
   */
  public void addBucket(AggregateRow bucket) {
    RollupDefinition rollup = rollupOf(bucket);
    if (!rollup.grains().contains(bucket.grain())) {
      throw new IllegalStateException(
          "bucket: grain must be one of "
              + rollup.grains()
              + " in rollup "
              + rollup.name()
              + ", got "
              + bucket.grain());
    }
    merge(buckets, bucket.grain(), bucket.startMicros(), bucket);
  }

  /** The buckets in {@link AggregateRow#ORDER}; the fold is empty afterwards. */
  public List<AggregateRow> drain() {
    deltas.forEach(this::spread);
    deltas = new HashMap<>();
    List<AggregateRow> rows = new ArrayList<>(buckets.size());
    buckets.forEach(
        (bucket, sum) ->
            rows.add(
                new AggregateRow(
                    bucket.rollupId,
                    bucket.grain,
                    bucket.startMicros,
                    bucket.key,
                    sum.toAggregate())));
    rows.sort(AggregateRow.ORDER);
    buckets = new HashMap<>();
    return rows;
  }

  private void spread(Bucket delta, AggregateAccumulator sum) {
    Aggregate aggregate = sum.toAggregate();
    for (Grain grain : requireRollup(delta.rollupId).grains()) {
      if (grain.compareTo(delta.grain) >= 0) {
        Bucket bucket =
            new Bucket(delta.rollupId, grain, grain.floor(delta.startMicros), delta.key);
        buckets.computeIfAbsent(bucket, first -> new AggregateAccumulator()).merge(aggregate);
      }
    }
  }

  private static void merge(
      Map<Bucket, AggregateAccumulator> sums, Grain grain, long startMicros, AggregateRow row) {
    sums.computeIfAbsent(
            new Bucket(row.rollupId(), grain, startMicros, row.key()),
            bucket -> new AggregateAccumulator())
        .merge(row.aggregate());
  }

  private RollupDefinition rollupOf(AggregateRow row) {
    RollupDefinition rollup = requireRollup(row.rollupId());
    if (row.key().size() != rollup.dimensions().size()) {
      throw new IllegalStateException(
          "row: key must have the dimensions " + rollup.dimensions() + ", got " + row.key());
    }
    return rollup;
  }

  private RollupDefinition requireRollup(int rollupId) {
    RollupDefinition rollup = rollups.get(rollupId);
    if (rollup == null) {
      throw new IllegalStateException(
          "row: rollup must be one of " + rollups.keySet() + ", got " + rollupId);
    }
    return rollup;
  }

  private record Bucket(int rollupId, Grain grain, long startMicros, RollupKey key) {}
}
