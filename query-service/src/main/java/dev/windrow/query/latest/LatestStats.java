package dev.windrow.query.latest;

import dev.windrow.query.answer.Reading;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Completeness;
import dev.windrow.rollup.LatestEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The newest events of all pairs, counted.
 *
 * @param newestOccurredAt of any; empty if there is none
 * @param progress how many of the newest values lie in each tenth of 0 to 100, what is beyond in
 *     the first or the last
 * @param withoutValue how many newest events have no value
 */
public record LatestStats(
    long pairs,
    OptionalLong newestOccurredAt,
    List<Long> progress,
    long withoutValue,
    SnapshotFacts facts,
    Completeness completeness,
    Reading reading) {
  static final int TENTHS = 10;

  public LatestStats {
    progress = List.copyOf(progress);
  }

  static LatestStats of(
      List<LatestEvent> newest, SnapshotFacts facts, Completeness completeness, Reading reading) {
    long[] tenths = new long[TENTHS];
    long withoutValue = 0;
    for (LatestEvent event : newest) {
      Double value = event.value();
      if (value == null) {
        withoutValue++;
      } else {
        tenths[tenth(value)]++;
      }
    }
    List<Long> progress = new ArrayList<>();
    for (long count : tenths) {
      progress.add(count);
    }
    return new LatestStats(
        newest.size(),
        newest.stream().mapToLong(LatestEvent::occurredAtMicros).max(),
        progress,
        withoutValue,
        facts,
        completeness,
        reading);
  }

  /** The tenth of 0 to 100 that holds a value: from its lower bound on, the last to 100. */
  static int tenth(double value) {
    double clamped = Math.max(0, Math.min(100, value));
    return Math.min(TENTHS - 1, (int) (clamped / TENTHS));
  }
}
