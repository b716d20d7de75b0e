package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Arrivals;
import dev.windrow.rollup.Grain;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Counts, minute by minute, the events of a flush that did not arrive as they should. For one
 * thread.
 *
 * <p>Of those that are refused because they are too old nobody knows whether their time has
 * buckets: they are counted where it has, lest a client makes us keep thousands of years.
 */
final class ArrivalCounts {
  private final Map<Arrivals.Kind, SortedMap<Long, Long>> minutes =
      new EnumMap<>(Arrivals.Kind.class);
  private final SortedMap<Long, Long> tooOld = new TreeMap<>();

  void add(Arrivals.Kind kind, long occurredAtMicros) {
    addMinute(kind, Grain.MINUTE.floor(occurredAtMicros), 1);
  }

  private void addMinute(Arrivals.Kind kind, long minute, long count) {
    minutes.computeIfAbsent(kind, first -> new TreeMap<>()).merge(minute, count, Long::sum);
  }

  /** One without a time, or of a time that is to come, is in nobody's window. */
  void add(RejectedEvent event) {
    if (!event.hasTime()) {
      return;
    }
    switch (event.reason()) {
      case TOO_OLD -> tooOld.merge(Grain.MINUTE.floor(event.occurredAtMicros()), 1L, Long::sum);
      case TOO_FAR_IN_FUTURE -> {}
      case MISSING_FIELD, TOO_LONG, INVALID_VALUE, PAYLOAD_MISMATCH ->
          add(Arrivals.Kind.REJECTED, event.occurredAtMicros());
    }
  }

  /** Whether nothing was counted, or will be. */
  boolean isEmpty() {
    return minutes.isEmpty() && tooOld.isEmpty();
  }

  /** The days of those that are too old, as {@link Registry#day} counts. */
  Set<Long> oldDays() {
    Set<Long> days = new TreeSet<>();
    tooOld.keySet().forEach(minute -> days.add(Registry.day(minute)));
    return days;
  }

  /**
   * Decides on those that are too old.
   *
   * @param counted the days whose minutes are kept; of others none is counted
   */
  void decideOld(Set<Long> counted) {
    tooOld.forEach(
        (minute, count) -> {
          if (counted.contains(Registry.day(minute))) {
            addMinute(Arrivals.Kind.REJECTED, minute, count);
          }
        });
    tooOld.clear();
  }

  void forEach(Consumer<AggregateRow> rows) {
    minutes.forEach(
        (kind, counts) ->
            counts.forEach(
                (minute, count) -> rows.accept(Arrivals.row(Grain.MINUTE, minute, kind, count))));
  }
}
