package dev.windrow.query.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class ReportWindowTest {
  private static final Instant NOW = Instant.parse("2001-03-08T15:30:20.000001Z");

  @Test
  void unaligned_beginsExactlySoLongAgo() {
    assertThat(at("PT1H", IntervalUnit.NONE, "UTC"))
        .isEqualTo(range("2001-03-08T14:30:20.000001Z"));
  }

  @Test
  void alignedToDays_isTodayAndTheDaysBefore() {
    assertThat(at("P1D", IntervalUnit.DAY, "UTC")).isEqualTo(range("2001-03-08T00:00:00Z"));
    assertThat(at("P7D", IntervalUnit.DAY, "UTC")).isEqualTo(range("2001-03-02T00:00:00Z"));
    assertThat(at("P7D", IntervalUnit.DAY, "America/New_York"))
        .isEqualTo(range("2001-03-02T05:00:00Z"));
  }

  @Test
  void aligned_whereNoWholeIntervalHasBegun_isEmpty() {
    assertThat(at("PT1H", IntervalUnit.DAY, "UTC")).isEqualTo(range(NOW.toString()));
  }

  @Test
  void explicit_isItself() {
    TimeRange range = new TimeRange(1, 2);
    assertThat(new ReportWindow.Explicit(range).at(7, ZoneId.of("UTC"))).isEqualTo(range);
  }

  private static TimeRange at(String length, IntervalUnit alignTo, String zone) {
    long micros = Duration.parse(length).toMillis() * 1000;
    return new ReportWindow.Named("w", micros, alignTo).at(Micros.of(NOW), ZoneId.of(zone));
  }

  private static TimeRange range(String from) {
    return new TimeRange(Micros.of(Instant.parse(from)), Micros.of(NOW));
  }
}
