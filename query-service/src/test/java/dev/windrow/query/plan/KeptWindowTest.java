package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.worth.NotKept;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.WindrowException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeptWindowTest {
  private static final RollupDefinition TYPE =
      new RollupDefinition(1, "type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class));
  private static final RollupDefinition ENTITY =
      new RollupDefinition(
          3,
          "entity",
          List.of(Dimension.TYPE, Dimension.ENTITY_ID),
          EnumSet.of(Grain.HOUR, Grain.DAY));

  /** Events for a week, minutes for a month, hours since the year began. */
  private static final Horizons HORIZONS =
      new Horizons(
          at("2001-06-24T00:00:00Z"),
          at("2001-06-01T00:00:00Z"),
          at("2001-01-01T00:00:00Z"),
          Horizons.ALWAYS);

  private static final RollupCatalog CATALOG =
      new RollupCatalog(
          List.of(
              new ActiveRollup(TYPE, CoarseSpans.none(), List.of()),
              new ActiveRollup(ENTITY, CoarseSpans.none(), List.of())),
          HORIZONS);

  @Test
  void windowOfWhatIsKept_isWhole() {
    assertWhole("2001-06-24T00:00:00.000001Z", "2001-06-30T09:10:11.5Z", IntervalUnit.NONE);
    assertWhole("2001-06-02T00:01:00Z", "2001-06-30T09:10:00Z", IntervalUnit.HOUR);
    assertWhole("1999-01-01T00:00:00Z", "2001-06-30T09:10:11.5Z", IntervalUnit.MONTH);
  }

  @Test
  void edgesOfTooFineAGrain_areCutOff() {
    assertPart(
        "2001-06-02T00:01:30Z",
        "2001-06-30T09:10:11Z",
        IntervalUnit.NONE,
        "2001-06-02T00:02:00Z",
        "2001-06-30T09:10:11Z");
    assertPart(
        "2001-02-01T10:20:30Z",
        "2001-03-01T10:20:30Z",
        IntervalUnit.DAY,
        "2001-02-01T11:00:00Z",
        "2001-03-01T10:00:00Z");
    assertPart(
        "1999-02-01T10:20:30Z",
        "1999-03-01T10:20:30Z",
        IntervalUnit.NONE,
        "1999-02-02T00:00:00Z",
        "1999-03-01T00:00:00Z");
  }

  @Test
  void intervalsOfTooFineAGrain_areLeftOut() {
    assertPart(
        "1999-02-01T00:00:00Z",
        "2001-06-30T00:00:00Z",
        IntervalUnit.HOUR,
        "2001-01-01T00:00:00Z",
        "2001-06-30T00:00:00Z");
  }

  @Test
  void daysOfAnotherZone_needHours() {
    Question days =
        question(
            "2000-06-01T19:00:00Z", "2001-06-29T19:00:00Z", IntervalUnit.DAY, "Asia/Karachi", "");
    assertThat(kept(days)).isEqualTo(range("2001-01-01T00:00:00Z", "2001-06-29T19:00:00Z"));
  }

  @Test
  void rollupsWithFinerGrains_tellHowMuchIsKept() {
    Question entities =
        question(
            "2001-06-02T00:20:00Z", "2001-06-30T00:00:00Z", IntervalUnit.NONE, "UTC", "entity_id");
    assertThat(kept(entities)).isEqualTo(range("2001-06-02T01:00:00Z", "2001-06-30T00:00:00Z"));
    Question types =
        question("2001-06-02T00:20:00Z", "2001-06-30T00:00:00Z", IntervalUnit.NONE, "UTC", "type");
    assertThat(kept(types)).isEqualTo(types.window());
    // The rollup by entity covers types as well, but it could not answer all of that.
    assertThat(Planner.legalPlans(types, CATALOG))
        .isNotEmpty()
        .allSatisfy(plan -> assertThat(plan.rollup()).contains(TYPE));
  }

  @Test
  void dimensionsOfNoRollup_needEvents() {
    Question gates =
        question(
            "2001-06-02T00:00:00Z",
            "2001-06-30T00:00:00Z",
            IntervalUnit.NONE,
            "UTC",
            "attributes.gate");
    assertThat(kept(gates)).isEqualTo(range("2001-06-24T00:00:00Z", "2001-06-30T00:00:00Z"));
  }

  @Test
  void coarseSpans_needEventsWhereTheyAreCut() {
    long hour = at("2001-06-02T10:00:00Z");
    RollupCatalog coarse =
        new RollupCatalog(
            List.of(new ActiveRollup(TYPE, CoarseSpans.of(List.of(hour), List.of()), List.of())),
            HORIZONS);
    Question cut =
        question("2001-06-02T10:20:00Z", "2001-06-30T00:00:00Z", IntervalUnit.NONE, "UTC", "type");
    assertThat(KeptWindow.of(cut, coarse, Disturbance.none()))
        .isEqualTo(range("2001-06-02T11:00:00Z", "2001-06-30T00:00:00Z"));
  }

  @Test
  void nothingThatIsKept_isToldWithWhatIs() {
    Question minute =
        question("1999-02-01T10:20:00Z", "1999-02-01T10:21:00Z", IntervalUnit.NONE, "UTC", "type");
    assertThat(kept(minute).isEmpty()).isTrue();
    assertThatThrownBy(() -> NotKept.narrow(minute, CATALOG, Disturbance.none(), false))
        .isInstanceOfSatisfying(
            WindrowException.class,
            e -> {
              assertThat(e.failure().reason()).isEqualTo("WINDOW_NOT_KEPT");
              assertThat(e.failure().metadata())
                  .containsEntry("raw_from", "2001-06-24T00:00:00Z")
                  .containsEntry("hour_from", "2001-01-01T00:00:00Z")
                  .doesNotContainKey("day_from");
            });
  }

  /** Whatever is kept of a question can be answered, by every plan that is legal for it. */
  @Test
  void keptPartsOfRandomQuestions_haveLegalPlans() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int parts = 0;
    for (int i = 0; i < 2_000; i++) {
      Question question = RandomQuestions.of(random);
      Horizons horizons = new Horizons(day(random), day(random), day(random), Horizons.ALWAYS);
      RandomSpans spans = RandomSpans.of(random);
      CatalogScope scope = CatalogScope.ofPlan(question);
      RollupCatalog catalog = spans.catalog(List.of(TYPE, ENTITY), scope).kept(horizons);
      TimeRange kept = KeptWindow.of(question, catalog, Disturbance.none());
      String context = "seed " + seed + " " + question + " " + horizons + " " + spans;
      if (!kept.isEmpty()) {
        Question part = question.within(kept);
        WindowPlan plan =
            Planner.choose(part, catalog, StoreStatistics.unknown(), Disturbance.none()).plan();
        assertThat(KeptWindow.gone(plan.segments(), horizons)).as(context).isEmpty();
        assertThat(KeptWindow.of(part, catalog, Disturbance.none())).as(context).isEqualTo(kept);
        parts += kept.equals(question.window()) ? 0 : 1;
      }
    }
    assertThat(parts).isGreaterThan(200);
  }

  private static long day(Random random) {
    return Grain.DAY.floor(RandomEvents.time(random));
  }

  private static void assertWhole(String from, String to, IntervalUnit unit) {
    assertThat(kept(question(from, to, unit, "UTC", "type"))).isEqualTo(range(from, to));
  }

  private static void assertPart(
      String from, String to, IntervalUnit unit, String keptFrom, String keptTo) {
    assertThat(kept(question(from, to, unit, "UTC", "type"))).isEqualTo(range(keptFrom, keptTo));
  }

  private static TimeRange kept(Question question) {
    return KeptWindow.of(question, CATALOG, Disturbance.none());
  }

  private static Question question(
      String from, String to, IntervalUnit unit, String zone, String groupBy) {
    TimeRange window = range(from, to);
    return new Question(
        window,
        Intervals.of(window, unit, ZoneId.of(zone)),
        List.of(Metric.of(Measure.COUNT)),
        groupBy.isEmpty() ? List.of() : List.of(Dimension.parse(groupBy)),
        FilterParser.parse(""),
        List.of(),
        Question.MAX_LIMIT,
        false);
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(at(from), at(to));
  }

  private static long at(String time) {
    return Micros.of(Instant.parse(time));
  }
}
