package dev.windrow.rollup;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds deltas and the buckets they belong to into the new state of those buckets: first all
 * deltas, then the buckets of {@link #slots} as they are stored, from which they are taken slot by
 * slot. For one thread.
 */
public final class CompactionFold {
  private final Map<Integer, RollupDefinition> rollups;

  // Deltas of one slot are added up before they are added to the bucket of every grain.
  private Map<Slot, AggregateAccumulator> deltas = new HashMap<>();
  private final Map<Slot, AggregateAccumulator> buckets = new HashMap<>();
  private boolean spread;

  /** A fold of the rows of these rollups, by their ids. */
  public CompactionFold(Map<Integer, RollupDefinition> rollups) {
    this.rollups = Map.copyOf(rollups);
  }

  /**
   * Adds a delta row to its bucket of every grain of its rollup that is not finer than its own.
   *
   * @throws IllegalStateException if the rollup is unknown, the row is not one of its deltas, or
   *     {@link #slots} has been asked for
   */
  public void addDelta(AggregateRow delta) {
    RollupDefinition rollup = check("delta", delta.rollupId(), delta.grain(), delta.key());
    requireOpen();
    Slot slot = new Slot(rollup.id(), delta.grain(), delta.startMicros(), delta.key());
    deltas.computeIfAbsent(slot, first -> new AggregateAccumulator()).merge(delta.aggregate());
  }

  /**
   * Adds rows that were never written, likewise, and takes them apart.
   *
   * @throws IllegalStateException likewise
   */
  public void add(FoldedRows rows) {
    int rollupId = rows.rollup().id();
    requireOpen();
    rows.forEach(
        (grain, start, key, sum) -> {
          check("delta", rollupId, grain, key);
          AggregateAccumulator before =
              deltas.putIfAbsent(new Slot(rollupId, grain, start, key), sum);
          if (before != null) {
            before.merge(sum);
          }
        });
  }

  /** The slots of all buckets that are not taken yet, in {@link Slot#ORDER}. */
  public List<Slot> slots() {
    spread();
    return buckets.keySet().stream().sorted(Slot.ORDER).toList();
  }

  /**
   * Adds a bucket as it is stored, at its own grain alone.
   *
   * @throws IllegalStateException if the rollup is unknown, or the row is not one of its buckets
   */
  public void addBucket(AggregateRow bucket) {
    check("bucket", bucket.rollupId(), bucket.grain(), bucket.key());
    spread();
    Slot slot = new Slot(bucket.rollupId(), bucket.grain(), bucket.startMicros(), bucket.key());
    buckets.computeIfAbsent(slot, first -> new AggregateAccumulator()).merge(bucket.aggregate());
  }

  /**
   * Takes a bucket out. When the last one has been taken the fold begins anew.
   *
   * @throws IllegalStateException if no bucket is there
   */
  public AggregateRow take(Slot slot) {
    AggregateAccumulator sum = buckets.remove(slot);
    if (sum == null) {
      throw new IllegalStateException("fold: must have a bucket at the slot, got " + slot);
    }
    spread = !buckets.isEmpty();
    return new AggregateRow(
        slot.rollupId(), slot.grain(), slot.startMicros(), slot.key(), sum.toAggregate());
  }

  private void spread() {
    if (spread) {
      return;
    }
    deltas.forEach(this::spreadOver);
    deltas = new HashMap<>();
    spread = !buckets.isEmpty();
  }

  private void spreadOver(Slot slot, AggregateAccumulator sum) {
    for (Grain grain : requireRollup(slot.rollupId()).grains()) {
      if (grain.compareTo(slot.grain()) > 0) {
        long start = grain.floor(slot.startMicros());
        buckets
            .computeIfAbsent(
                new Slot(slot.rollupId(), grain, start, slot.key()),
                first -> new AggregateAccumulator())
            .merge(sum);
      }
    }
    // Last, for from here on it is this bucket's, and others are added to it.
    AggregateAccumulator before = buckets.putIfAbsent(slot, sum);
    if (before != null) {
      before.merge(sum);
    }
  }

  private RollupDefinition check(String what, int rollupId, Grain grain, RollupKey key) {
    RollupDefinition rollup = requireRollup(rollupId);
    if (!rollup.grains().contains(grain)) {
      throw new IllegalStateException(
          what
              + ": grain must be one of "
              + rollup.grains()
              + " in rollup "
              + rollup.name()
              + ", got "
              + grain);
    }
    if (key.size() != rollup.dimensions().size()) {
      throw new IllegalStateException(
          "row: key must have the dimensions " + rollup.dimensions() + ", got " + key);
    }
    return rollup;
  }

  private void requireOpen() {
    if (spread) {
      throw new IllegalStateException("fold: deltas must come before slots and buckets");
    }
  }

  private RollupDefinition requireRollup(int rollupId) {
    RollupDefinition rollup = rollups.get(rollupId);
    if (rollup == null) {
      throw new IllegalStateException(
          "row: rollup must be one of " + rollups.keySet() + ", got " + rollupId);
    }
    return rollup;
  }
}
