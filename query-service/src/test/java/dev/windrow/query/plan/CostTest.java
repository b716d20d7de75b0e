package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What plans are thought to cost, and which is chosen for it. */
class CostTest {
  private static final RollupDefinition LARGE =
      rollup(1, EnumSet.allOf(Grain.class), Dimension.TYPE, Dimension.SOURCE, Dimension.STATUS);
  private static final RollupDefinition SMALL =
      rollup(2, EnumSet.allOf(Grain.class), Dimension.TYPE);
  private static final RollupDefinition HOURLY =
      rollup(3, EnumSet.of(Grain.HOUR, Grain.DAY), Dimension.TYPE, Dimension.ENTITY_ID);
  private static final String UNALIGNED_FROM = "2026-03-01T10:20:00Z";
  private static final String UNALIGNED_TO = "2026-03-01T12:40:00Z";

  @Test
  void rollupOfFewerRows_wins_evenWithMoreDimensions() {
    StoreStatistics statistics =
        new KnownTables().buckets(Tier.DAY, Map.of(LARGE, 20.0, SMALL, 30.0)).statistics();
    PlanChoice choice = choose(wholeDays(), statistics, LARGE, SMALL);
    assertThat(choice.plan().rollup()).contains(LARGE);
    assertThat(choice.chosen().estimate()).isEqualTo(new Estimate(200, 0, 0));
  }

  @Test
  void rollupsOfEqualRows_theSmallestWins_wheneverItWasDeclared() {
    StoreStatistics equal =
        new KnownTables().buckets(Tier.DAY, Map.of(LARGE, 20.0, SMALL, 20.0)).statistics();
    StoreStatistics empty = new KnownTables().statistics();
    for (StoreStatistics statistics : List.of(equal, empty)) {
      assertThat(choose(wholeDays(), statistics, LARGE, SMALL).plan().rollup()).contains(SMALL);
      assertThat(choose(wholeDays(), statistics, SMALL, LARGE).plan().rollup()).contains(SMALL);
    }
  }

  @Test
  void coarseFinestGrain_losesForAShortUnalignedWindow_whereEventsAreDense() {
    Question question = question(UNALIGNED_FROM, UNALIGNED_TO, "");
    assertThat(choose(question, minutesAndHours(50), LARGE, HOURLY).plan().rollup())
        .contains(LARGE);
    assertThat(choose(question, minutesAndHours(0.01), LARGE, HOURLY).plan().rollup())
        .contains(HOURLY);
  }

  @Test
  void unalignedEdges_costTheirRawRowsAlone() {
    Question whole = question("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", "");
    Question edges = question(UNALIGNED_FROM, UNALIGNED_TO, "");
    Estimate ofWhole = choose(whole, minutesAndHours(50), HOURLY).chosen().estimate();
    Estimate ofEdges = choose(edges, minutesAndHours(50), HOURLY).chosen().estimate();
    assertThat(ofWhole).isEqualTo(new Estimate(10, 0, 0));
    assertThat(ofEdges).isEqualTo(new Estimate(10, 0, (40 + 40) * 60 * 50));
    assertThat(ofEdges.cost()).isEqualTo(240_010);
  }

  @Test
  void rejected_areTheOtherRollupsByCost_andRawEventsLast() {
    StoreStatistics statistics =
        new KnownTables()
            .events(0.0001)
            .buckets(Tier.DAY, Map.of(LARGE, 40.0, SMALL, 20.0, HOURLY, 30.0))
            .statistics();
    PlanChoice choice = choose(wholeDays(), statistics, LARGE, SMALL, HOURLY);
    assertThat(choice.plan().rollup()).contains(SMALL);
    assertThat(choice.rejected())
        .extracting(rejected -> rejected.plan().rollup().map(RollupDefinition::name).orElse(""))
        .containsExactly("rollup-3", "rollup-1", "");
    assertThat(choice.rejected())
        .extracting(rejected -> rejected.estimate().cost())
        .containsExactly(300L, 400L, 86L);
  }

  @Test
  void unfoldedEvents_andDeltaRows_costWhatTheyAre_butRefuseNobody() {
    TimeRange lastDay = KnownTables.range("2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z");
    StoreStatistics statistics =
        new KnownTables()
            .buckets(Tier.DAY, Map.of(SMALL, 20.0))
            .delta(SMALL, lastDay, 7)
            .statistics();
    ActiveRollup rollup =
        new ActiveRollup(SMALL, CoarseSpans.none(), List.of(new UnfoldedBatch(1, lastDay, 10_000)));
    Estimate estimate =
        Planner.choose(wholeDays(), new RollupCatalog(List.of(rollup)), statistics)
            .chosen()
            .estimate();
    assertThat(estimate).isEqualTo(new Estimate(200, 10_007, 0));
    assertThat(estimate.cost()).isEqualTo(10_207);
    assertThat(estimate.admittedCost()).isEqualTo(200);
  }

  @Test
  void entitiesThatAFilterNames_narrowRawEvents_ifEveryEventMustBeTheirs() {
    StoreStatistics statistics = new KnownTables().events(1).statistics();
    long hour = 3600;
    assertThat(rawRows("", statistics)).isEqualTo(hour);
    assertThat(rawRows("entity_id : (a, b, c)", statistics)).isEqualTo(Math.round(hour * 0.003));
    assertThat(rawRows("status = ok AND entity_id = a", statistics))
        .isEqualTo(Math.round(hour * 0.001));
    for (String filter :
        List.of(
            "status = ok", "entity_id != a", "NOT entity_id = a", "status = ok OR entity_id = a")) {
      assertThat(rawRows(filter, statistics)).as(filter).isEqualTo(hour);
    }
  }

  @Test
  void timeWithoutATable_holdsNothing() {
    StoreStatistics statistics = new KnownTables().events(1).statistics();
    Question before = question("1990-01-01T00:00:00Z", "2026-01-01T00:00:10Z", "");
    assertThat(choose(before, statistics).chosen().estimate()).isEqualTo(new Estimate(0, 0, 10));
  }

  @Test
  void manyRanges_ofATableNeverAnalysed_countNoMoreThanItHolds() {
    TimeRange day = KnownTables.range("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    TableStatistics loose =
        new TableStatistics(day, TimeSpread.unknown(), new TableSize(-1, 0, 10), 1, Map.of(), 0);
    StoreStatistics statistics =
        new KnownTables().add(Tier.RAW, loose).add(Tier.RAW, loose).statistics();
    List<TimeRange> hours =
        Stream.iterate(day.fromMicros(), from -> from + 2 * Grain.HOUR.micros())
            .limit(12)
            .map(from -> new TimeRange(from, from + Grain.HOUR.micros()))
            .toList();
    double one = statistics.events(hours.subList(0, 1), 0);
    assertThat(one).isPositive();
    assertThat(statistics.events(hours, 0)).isEqualTo(one);
  }

  private static StoreStatistics minutesAndHours(double eventsPerSecond) {
    return new KnownTables()
        .events(eventsPerSecond)
        .buckets(Tier.MINUTE, Map.of(LARGE, 100.0))
        .buckets(Tier.HOUR, Map.of(LARGE, 100.0, HOURLY, 10.0))
        .statistics();
  }

  private static long rawRows(String filter, StoreStatistics statistics) {
    Question question = question("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", filter);
    return choose(question, statistics).chosen().estimate().eventRows();
  }

  private static PlanChoice choose(
      Question question, StoreStatistics statistics, RollupDefinition... rollups) {
    List<ActiveRollup> active =
        Stream.of(rollups)
            .map(rollup -> new ActiveRollup(rollup, CoarseSpans.none(), List.of()))
            .toList();
    return Planner.choose(question, new RollupCatalog(active), statistics);
  }

  private static RollupDefinition rollup(int id, EnumSet<Grain> grains, Dimension... dimensions) {
    return new RollupDefinition(id, "rollup-" + id, List.of(dimensions), grains);
  }

  private static Question wholeDays() {
    return question("2026-03-01T00:00:00Z", "2026-03-11T00:00:00Z", "");
  }

  private static Question question(String from, String to, String filter) {
    TimeRange window = KnownTables.range(from, to);
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC),
        List.of(Metric.of(Measure.COUNT)),
        List.of(),
        FilterParser.parse(filter),
        List.of(),
        1,
        true);
  }
}
