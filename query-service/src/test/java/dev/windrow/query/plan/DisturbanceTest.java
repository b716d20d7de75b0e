package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Plans as of an earlier snapshot. */
class DisturbanceTest {
  private static final RollupDefinition TYPE =
      new RollupDefinition(1, "type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class));
  private static final RollupDefinition ENTITY =
      new RollupDefinition(
          2,
          "entity",
          List.of(Dimension.TYPE, Dimension.ENTITY_ID),
          EnumSet.of(Grain.HOUR, Grain.DAY));

  @Test
  void legalPlans_coverTheWindow_withNoBucketsWhereItIsDisturbed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int buckets = 0;
    for (int i = 0; i < 500; i++) {
      Question question = RandomQuestions.of(random);
      Disturbance disturbance = disturbance(random);
      RandomSpans spans = RandomSpans.of(random);
      RollupCatalog catalog =
          spans.catalog(List.of(TYPE, ENTITY), CatalogScope.ofLegalPlans(question));
      for (WindowPlan plan : Planner.legalPlans(question, catalog, disturbance)) {
        String context = "seed " + seed + " " + plan;
        long at = question.window().fromMicros();
        for (Segment segment : plan.segments()) {
          assertThat(segment.range().fromMicros()).as(context).isEqualTo(at);
          at = segment.range().toMicros();
        }
        assertThat(at).as(context).isEqualTo(question.window().toMicros());
        for (Segment segment : plan.bucketSegments()) {
          assertThat(disturbance.within(segment.range())).as(context).isEmpty();
          spans.assertKept(context, segment);
          buckets++;
        }
      }
    }
    assertThat(buckets).as("seed " + seed).isPositive();
  }

  @Test
  void plan_fromItsScopeOfSpans_isThatFromAllSpans() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int differing = 0;
    for (int i = 0; i < 2000; i++) {
      Question question = RandomQuestions.of(random);
      Disturbance disturbance = disturbance(random);
      RandomSpans spans = RandomSpans.of(random);
      WindowPlan plan =
          plan(question, spans, CatalogScope.ofPlan(question, disturbance), disturbance);
      assertThat(plan)
          .as("seed " + seed + " " + spans + " " + disturbance)
          .isEqualTo(plan(question, spans, CatalogScope.ofLegalPlans(question), disturbance));
      CatalogScope undisturbed = CatalogScope.ofPlan(question);
      differing += plan.equals(plan(question, spans, undisturbed, disturbance)) ? 0 : 1;
    }
    assertThat(differing).as("seed " + seed).isPositive();
  }

  @Test
  void plan_aroundADisturbedMinute_takesFinerGrains() {
    TimeRange window = KnownTables.range("2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z");
    TimeRange minute = KnownTables.range("2026-01-02T10:20:00Z", "2026-01-02T10:21:00Z");
    RollupCatalog catalog =
        new RollupCatalog(List.of(new ActiveRollup(TYPE, CoarseSpans.none(), List.of())));
    WindowPlan plan =
        Planner.choose(
                question(window),
                catalog,
                StoreStatistics.unknown(),
                new Disturbance("1:2:", List.of(minute)))
            .plan();
    assertThat(plan.segments())
        .extracting(Segment::tier)
        .containsExactly(
            Tier.DAY, Tier.HOUR, Tier.MINUTE, Tier.RAW, Tier.MINUTE, Tier.HOUR, Tier.DAY);
    assertThat(plan.rawRanges()).containsExactly(minute);
  }

  @Test
  void plan_whereAllIsDisturbed_isRawAndSaysWhy() {
    TimeRange window = KnownTables.range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    RollupCatalog catalog =
        new RollupCatalog(List.of(new ActiveRollup(TYPE, CoarseSpans.none(), List.of())));
    Disturbance disturbance = new Disturbance("1:2:", List.of(window));
    WindowPlan plan =
        Planner.choose(question(window), catalog, StoreStatistics.unknown(), disturbance).plan();
    assertThat(plan.rollup()).isEmpty();
    assertThat(plan.rawReason()).contains("no whole minute").contains("later batch");
    assertThat(plan.disturbance()).isEqualTo(disturbance);
  }

  @Test
  void stretches_thatOverlapOrAreEmpty_areNone() {
    List<TimeRange> overlapping = List.of(new TimeRange(0, 2), new TimeRange(1, 3));
    assertThatThrownBy(() -> new Disturbance("1:2:", overlapping))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Disturbance("1:2:", List.of(new TimeRange(1, 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static WindowPlan plan(
      Question question, RandomSpans spans, CatalogScope scope, Disturbance disturbance) {
    RollupCatalog catalog = spans.catalog(List.of(TYPE, ENTITY), scope);
    return Planner.choose(question, catalog, StoreStatistics.unknown(), disturbance).plan();
  }

  /** Mostly of minutes, sometimes of days, sometimes cut askew, as by a window. */
  private static Disturbance disturbance(Random random) {
    long[] times =
        random
            .longs(2L * random.nextInt(6), 0, RandomEvents.DAYS * RandomEvents.DAY)
            .map(time -> RandomEvents.START + time)
            .map(time -> random.nextInt(5) == 0 ? time : Grain.MINUTE.floor(time))
            .sorted()
            .toArray();
    List<TimeRange> stretches = new ArrayList<>();
    for (int i = 0; i + 1 < times.length; i += 2) {
      long minute = times[i] + Grain.MINUTE.micros();
      long to = random.nextInt(3) > 0 ? Math.min(minute, times[i + 1]) : times[i + 1];
      if (times[i] < to) {
        stretches.add(new TimeRange(times[i], to));
      }
    }
    return new Disturbance("1:2:", stretches);
  }

  private static Question question(TimeRange window) {
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC),
        List.of(Metric.of(Measure.COUNT)),
        List.of(),
        new Filter.All(),
        List.of(),
        1,
        true);
  }
}
