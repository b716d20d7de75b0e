package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final RollupDefinition TYPE =
      new RollupDefinition(1, "type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class));
  private static final RollupDefinition STATUS =
      new RollupDefinition(
          2,
          "status",
          List.of(Dimension.TYPE, Dimension.SOURCE, Dimension.STATUS),
          EnumSet.allOf(Grain.class));
  private static final RollupDefinition ENTITY =
      new RollupDefinition(
          3,
          "entity",
          List.of(Dimension.TYPE, Dimension.ENTITY_ID),
          EnumSet.of(Grain.HOUR, Grain.DAY));
  private static final List<RollupDefinition> ALL = List.of(TYPE, STATUS, ENTITY);
  private static final RollupCatalog CATALOG =
      new RollupCatalog(ALL.stream().map(PlannerTest::asUsual).toList());

  @Test
  void legalPlans_coverTheWindowExactly_withinItsIntervals() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Question question = RandomQuestions.of(random);
      for (WindowPlan plan : Planner.legalPlans(question, CATALOG)) {
        assertCovers("seed " + seed + " " + plan, question, plan);
      }
      assertCovers("seed " + seed, question, Planner.plan(question, CATALOG));
    }
  }

  @Test
  void legalPlans_amongCoarseSpans_coverTheWindowWithoutTheBucketsThatAreNotKept() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      Question question = RandomQuestions.of(random);
      RandomSpans spans = RandomSpans.of(random);
      RollupCatalog catalog = spans.catalog(ALL, CatalogScope.ofLegalPlans(question));
      List<WindowPlan> plans = Planner.legalPlans(question, catalog);
      for (WindowPlan plan : plans) {
        String context = "seed " + seed + " " + spans + " " + plan;
        assertCovers(context, question, plan);
        plan.bucketSegments().forEach(segment -> spans.assertKept(context, segment));
      }
    }
  }

  @Test
  void plan_fromItsScopeOfSpans_isThatFromAllSpans() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int differing = 0;
    for (int i = 0; i < 2000; i++) {
      Question question = RandomQuestions.of(random);
      RandomSpans spans = RandomSpans.of(random);
      WindowPlan plan = Planner.plan(question, spans.catalog(ALL, CatalogScope.ofPlan(question)));
      assertThat(plan)
          .as("seed " + seed + " " + spans)
          .isEqualTo(
              Planner.plan(question, spans.catalog(ALL, CatalogScope.ofLegalPlans(question))));
      differing += plan.equals(Planner.plan(question, CATALOG)) ? 0 : 1;
    }
    assertThat(differing).as("seed " + seed).isPositive();
  }

  @Test
  void plan_whereAnHourIsCoarse_readsItsPartsRaw() {
    Question question = question("2026-01-01T22:58:00Z", "2026-01-04T01:02:00Z", "");
    ActiveRollup coarse =
        new ActiveRollup(
            TYPE,
            CoarseSpans.of(
                List.of(micros("2026-01-01T22:00:00Z"), micros("2026-01-02T05:00:00Z")), List.of()),
            List.of());
    WindowPlan plan = Planner.plan(question, new RollupCatalog(List.of(coarse)));
    assertThat(plan.segments())
        .extracting(Segment::tier)
        .containsExactly(Tier.RAW, Tier.HOUR, Tier.DAY, Tier.HOUR, Tier.MINUTE);
    assertThat(plan.deltaRanges())
        .containsExactly(range("2026-01-01T23:00:00Z", "2026-01-04T01:02:00Z"));
  }

  @Test
  void plan_whereADayIsCoarse_readsItsPartsRaw() {
    Question question = question("2026-01-01T22:58:00Z", "2026-01-04T01:02:00Z", "");
    ActiveRollup coarse =
        new ActiveRollup(
            TYPE,
            CoarseSpans.of(
                List.of(), List.of(micros("2026-01-02T00:00:00Z"), micros("2026-01-04T00:00:00Z"))),
            List.of());
    assertThat(Planner.plan(question, new RollupCatalog(List.of(coarse))).segments())
        .extracting(Segment::tier)
        .containsExactly(Tier.MINUTE, Tier.HOUR, Tier.DAY, Tier.RAW);
  }

  @Test
  void plan_whereTheSmallestRollupIsCoarse_takesTheNext() {
    Question question = question("2026-01-04T00:00:00Z", "2026-01-04T23:00:00Z", "");
    ActiveRollup coarse =
        new ActiveRollup(
            TYPE, CoarseSpans.of(List.of(), List.of(micros("2026-01-04T00:00:00Z"))), List.of());
    WindowPlan plan = Planner.plan(question, new RollupCatalog(List.of(coarse, asUsual(STATUS))));
    assertThat(plan.rollup()).contains(STATUS);
  }

  @Test
  void plan_withUnfoldedBatches_readsThoseOfItsDeltaRanges() {
    Question question = question("2026-01-01T22:30:00Z", "2026-01-03T01:30:00Z", "entity_id = x");
    UnfoldedBatch edge = unfolded(1, "2026-01-01T22:40:00Z", "2026-01-01T23:00:00Z");
    UnfoldedBatch inside = unfolded(2, "2026-01-01T22:40:00Z", "2026-01-01T23:00:00.000001Z");
    UnfoldedBatch after = unfolded(3, "2026-01-03T01:00:00Z", "2026-01-05T01:00:00Z");
    ActiveRollup rollup =
        new ActiveRollup(ENTITY, CoarseSpans.none(), List.of(edge, inside, after));
    assertThat(Planner.plan(question, new RollupCatalog(List.of(rollup))).unfolded())
        .containsExactly(inside);
  }

  @Test
  void plan_whereTheSmallestRollupIsNotFolded_takesTheNext() {
    Question question = question("2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z", "");
    UnfoldedBatch many =
        new UnfoldedBatch(1, range("2026-01-04T00:00:00Z", "2026-01-04T01:00:00Z"), 10_000);
    ActiveRollup unfolded = new ActiveRollup(TYPE, CoarseSpans.none(), List.of(many));
    RollupCatalog catalog = new RollupCatalog(List.of(unfolded, asUsual(STATUS)));
    assertThat(Planner.plan(question, catalog).rollup()).contains(STATUS);
  }

  private static void assertCovers(String context, Question question, WindowPlan plan) {
    long at = question.window().fromMicros();
    for (Segment segment : plan.segments()) {
      assertThat(segment.range().fromMicros()).as(context).isEqualTo(at);
      at = segment.range().toMicros();
      segment
          .tier()
          .grain()
          .ifPresent(grain -> assertWholeBucketsPerInterval(context, question, segment, grain));
    }
    assertThat(at).as(context).isEqualTo(question.window().toMicros());
  }

  private static void assertWholeBucketsPerInterval(
      String context, Question question, Segment segment, Grain grain) {
    for (long start : question.intervals().starts()) {
      if (start > segment.range().fromMicros() && start < segment.range().toMicros()) {
        assertThat(grain.aligned(start)).as(context).isTrue();
      }
    }
  }

  @Test
  void legalPlans_areEveryChoiceOfGrainsOfEveryCoveringRollup_andRawEvents() {
    Question byType = question("2026-01-01T00:00:30Z", "2026-01-05T00:00:30Z", "", Dimension.TYPE);
    assertThat(Planner.legalPlans(byType, CATALOG)).hasSize(7 + 7 + 3 + 1);
  }

  @Test
  void plan_splitsIntoDaysHoursMinutesAndEdges() {
    Question question = question("2026-01-01T22:58:59.5Z", "2026-01-04T01:02:00.25Z", "");
    assertThat(Planner.plan(question, CATALOG).segments())
        .extracting(Segment::tier)
        .containsExactly(
            Tier.RAW, Tier.MINUTE, Tier.HOUR, Tier.DAY, Tier.HOUR, Tier.MINUTE, Tier.RAW);
  }

  @Test
  void plan_ofFewDimensions_takesTheSmallestRollup() {
    assertThat(rollup(question("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "")))
        .isEqualTo("type");
    assertThat(rollup(question("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "source = x")))
        .isEqualTo("status");
    assertThat(rollup(question("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "entity_id = x")))
        .isEqualTo("entity");
  }

  @Test
  void plan_ofAStatusShare_needsTheStatus() {
    Question question = question("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "");
    Question share =
        new Question(
            question.window(),
            question.intervals(),
            List.of(Metric.statusShare(List.of("ok"))),
            List.of(),
            question.filter(),
            List.of(),
            1,
            true);
    assertThat(rollup(share)).isEqualTo("status");
  }

  @Test
  void plan_withoutACoveringRollup_namesWhatIsMissing() {
    Question unknown =
        question(
            "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "attributes.a = 1", Dimension.TYPE);
    assertThat(Planner.plan(unknown, CATALOG).rawReason()).isEqualTo("no rollup has attributes.a");
    Question together =
        question("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "source = 1", Dimension.ENTITY_ID);
    assertThat(Planner.plan(together, CATALOG).rawReason())
        .isEqualTo("no rollup has all of entity_id, source");
  }

  @Test
  void plan_withoutAWholeBucket_isRaw() {
    Question question = question("2026-01-01T00:00:01Z", "2026-01-01T00:00:59Z", "");
    WindowPlan plan = Planner.plan(question, CATALOG);
    assertThat(plan.rollup()).isEmpty();
    assertThat(plan.rawReason()).contains("no whole minute");
  }

  @Test
  void deltaRanges_joinTheTiers() {
    Question question = question("2026-01-01T22:58:59.5Z", "2026-01-04T01:02:00.25Z", "");
    assertThat(Planner.plan(question, CATALOG).deltaRanges())
        .containsExactly(range("2026-01-01T22:59:00Z", "2026-01-04T01:02:00Z"));
  }

  private static ActiveRollup asUsual(RollupDefinition definition) {
    return new ActiveRollup(definition, CoarseSpans.none(), List.of());
  }

  private static String rollup(Question question) {
    return Planner.plan(question, CATALOG).rollup().map(RollupDefinition::name).orElse("");
  }

  private static Question question(String from, String to, String filter, Dimension... groups) {
    TimeRange window = range(from, to);
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC),
        List.of(Metric.of(Measure.COUNT)),
        List.of(groups),
        FilterParser.parse(filter),
        List.of(),
        1,
        true);
  }

  private static UnfoldedBatch unfolded(long batchId, String from, String to) {
    return new UnfoldedBatch(batchId, range(from, to), 1);
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(micros(from), micros(to));
  }

  private static long micros(String instant) {
    return Micros.of(Instant.parse(instant));
  }
}
