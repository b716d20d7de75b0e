package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.Density;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges the buckets of a rollup's day: spans in which finer ones would be more than an eighth of
 * their events, as lanes judge what they flush. To read the events there costs about as much.
 */
final class SparseSpans {
  // Of fewer events, buckets are few, too.
  private static final int MIN_EVENTS = 1_000;

  private static final class Load {
    private long buckets;
    private long events;
  }

  private SparseSpans() {}

  /**
   * The spans that need no finer buckets.
   *
   * @param buckets of the day, of all grains
   * @param dispensable grains that may be left out
   */
  static List<CoarseSpans.Span> of(
      RollupDefinition rollup, Map<Slot, Aggregate> buckets, Set<Grain> dispensable) {
    Map<Grain, Grain> next = new EnumMap<>(Grain.class);
    List<Grain> grains = List.copyOf(rollup.grains());
    for (int i = 1; i < grains.size(); i++) {
      if (dispensable.contains(grains.get(i - 1))) {
        next.put(grains.get(i - 1), grains.get(i));
      }
    }
    Map<Grain, Map<Long, Load>> loads = new EnumMap<>(Grain.class);
    buckets.forEach(
        (slot, aggregate) -> {
          Grain span = next.get(slot.grain());
          if (span != null) {
            Load load =
                loads
                    .computeIfAbsent(span, first -> new TreeMap<>())
                    .computeIfAbsent(span.floor(slot.startMicros()), first -> new Load());
            load.buckets++;
            load.events += aggregate.count();
          }
        });
    List<CoarseSpans.Span> sparse = new ArrayList<>();
    loads.forEach(
        (grain, spans) ->
            spans.forEach(
                (start, load) -> {
                  if (load.events >= MIN_EVENTS
                      && load.buckets * Density.EVENTS_PER_BUCKET > load.events) {
                    sparse.add(new CoarseSpans.Span(rollup.id(), grain, start));
                  }
                }));
    return sparse;
  }
}
