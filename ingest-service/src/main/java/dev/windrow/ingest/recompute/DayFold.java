package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.EventFacts;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fold of a day's events into what its buckets should be: the same folds that lanes and
 * compaction use, one after the other. For one thread.
 */
final class DayFold {
  private final DayScope scope;
  // Events that are folded into all rollups, and those that are not, rollup by rollup.
  private final DeltaFold common;
  private final Map<Integer, DeltaFold> single = new HashMap<>();
  private final Map<Integer, Long> leftOut = new HashMap<>();
  private long events;

  DayFold(DayScope scope) {
    this.scope = scope;
    common = new DeltaFold(scope.rollups(), rollup -> scope.spansOf(rollup).density());
    for (RollupDefinition rollup : scope.rollups()) {
      single.put(
          rollup.id(), new DeltaFold(List.of(rollup), same -> scope.spansOf(same).density()));
    }
  }

  /** Adds all events that the cursor has before it. */
  void add(PackedEvents packed) {
    while (packed.next()) {
      add((EventFacts) packed);
    }
  }

  private void add(EventFacts event) {
    events++;
    Set<Integer> unfolded = scope.unfolded().get(event.batchId());
    if (unfolded == null) {
      common.add(event);
      return;
    }
    single.forEach(
        (rollupId, fold) -> {
          if (unfolded.contains(rollupId)) {
            leftOut.merge(rollupId, 1L, Long::sum);
          } else {
            fold.add(event);
          }
        });
  }

  /** Events that were folded into a rollup. */
  long events(RollupDefinition rollup) {
    return events - unfoldedEvents(rollup);
  }

  /** Events that were not, because they are the rollup's delta themselves. */
  long unfoldedEvents(RollupDefinition rollup) {
    return leftOut.getOrDefault(rollup.id(), 0L);
  }

  /**
   * Takes out what the buckets of a rollup should be, of the grains that are kept; in the order of
   * their slots, in which they are written and read.
   */
  Map<Slot, Aggregate> take(RollupDefinition rollup) {
    CompactionFold fold = new CompactionFold(Map.of(rollup.id(), rollup));
    fold.add(common.take(rollup.id()));
    DeltaFold own = single.remove(rollup.id());
    if (own != null) {
      fold.add(own.take(rollup.id()));
    }
    CoarseSpans spans = scope.spansOf(rollup);
    Map<Slot, Aggregate> buckets = new LinkedHashMap<>();
    for (Slot slot : fold.slots()) {
      AggregateRow row = fold.take(slot);
      if (scope.grains().contains(slot.grain()) && spans.keeps(slot.grain(), slot.startMicros())) {
        buckets.put(slot, row.aggregate());
      }
    }
    return buckets;
  }
}
