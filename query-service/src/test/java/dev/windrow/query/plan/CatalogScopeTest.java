package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogScopeTest {
  @Test
  void ofPlan_wholeDays_needNoSpan() {
    CatalogScope scope =
        scope("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z", IntervalUnit.NONE, "UTC");
    assertThat(scope.hours()).isEmpty();
    assertThat(scope.days()).isEmpty();
  }

  @Test
  void ofPlan_aLongWindow_needsTheSpansOfItsEnds() {
    CatalogScope scope =
        scope("2026-01-01T10:30:00Z", "2036-01-01T12:00:00Z", IntervalUnit.NONE, "UTC");
    assertThat(scope.hours())
        .containsExactly(range("2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z"));
    assertThat(scope.days())
        .containsExactly(
            range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
            range("2036-01-01T00:00:00Z", "2036-01-02T00:00:00Z"));
  }

  @Test
  void ofPlan_manyCutDays_areOneRange() {
    CatalogScope scope =
        scope("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z", IntervalUnit.DAY, "Europe/Berlin");
    assertThat(scope.hours()).isEmpty();
    assertThat(scope.days()).containsExactly(range("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"));
  }

  @Test
  void ofPlan_anEmptyWindow_needsNothing() {
    assertThat(scope("2026-01-01T00:30:00Z", "2026-01-01T00:30:00Z", IntervalUnit.HOUR, "UTC"))
        .isEqualTo(CatalogScope.none());
  }

  private static CatalogScope scope(String from, String to, IntervalUnit unit, String zone) {
    TimeRange window = range(from, to);
    return CatalogScope.ofPlan(
        new Question(
            window,
            Intervals.of(window, unit, ZoneId.of(zone)),
            List.of(Metric.of(Measure.COUNT)),
            List.of(),
            new Filter.All(),
            List.of(),
            1,
            false));
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(Micros.of(Instant.parse(from)), Micros.of(Instant.parse(to)));
  }
}
