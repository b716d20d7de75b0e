package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.testing.RandomEvents;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Coarse hours and days among those of {@link RandomEvents}, the same for every rollup. */
record RandomSpans(List<Long> hours, List<Long> days) {
  static RandomSpans of(Random random) {
    return new RandomSpans(
        starts(random, Grain.HOUR, random.nextInt(30)),
        starts(random, Grain.DAY, random.nextInt(3)));
  }

  private static List<Long> starts(Random random, Grain grain, int count) {
    return Stream.generate(() -> grain.floor(RandomEvents.time(random)))
        .limit(count)
        .distinct()
        .toList();
  }

  /** A catalog that knows as much of the spans as the scope says. */
  RollupCatalog catalog(List<RollupDefinition> rollups, CatalogScope scope) {
    CoarseSpans known = CoarseSpans.of(within(hours, scope.hours()), within(days, scope.days()));
    return new RollupCatalog(
        rollups.stream().map(rollup -> new ActiveRollup(rollup, known, List.of())).toList());
  }

  private static List<Long> within(List<Long> starts, List<TimeRange> ranges) {
    return starts.stream()
        .filter(start -> ranges.stream().anyMatch(range -> range.contains(start)))
        .toList();
  }

  /** Fails if buckets of the segment are finer than a span that it overlaps. */
  void assertKept(String context, Segment segment) {
    Grain grain = WindowPlan.grainOf(segment);
    if (grain == Grain.MINUTE) {
      assertApart(context, segment.range(), hours, Grain.HOUR);
    }
    if (grain != Grain.DAY) {
      assertApart(context, segment.range(), days, Grain.DAY);
    }
  }

  private static void assertApart(String context, TimeRange range, List<Long> starts, Grain grain) {
    for (long start : starts) {
      TimeRange span = new TimeRange(start, start + grain.micros());
      assertThat(span.intersect(range).isEmpty()).as(context + " " + span).isTrue();
    }
  }
}
