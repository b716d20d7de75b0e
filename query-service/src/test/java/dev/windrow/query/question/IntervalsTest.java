package dev.windrow.query.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalsTest {
  @Test
  void days_acrossDst_haveTwentyThreeAndTwentyFiveHours() {
    assertThat(hours("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z", IntervalUnit.DAY))
        .containsExactly(23.0, 24.0);
    assertThat(hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", IntervalUnit.DAY))
        .containsExactly(25.0);
  }

  @Test
  void hours_ofADayThatIsSetBack_areTwentyFive() {
    assertThat(hours("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", IntervalUnit.HOUR))
        .hasSize(25)
        .containsOnly(1.0);
    assertThat(hours("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", IntervalUnit.HOUR))
        .hasSize(23)
        .containsOnly(1.0);
  }

  @Test
  void hours_ofAZoneAtTheHalfHour_beginAtItsFullHours() {
    assertThat(
            starts(
                "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z", IntervalUnit.HOUR, "Asia/Kolkata"))
        .containsExactly("2026-01-01T00:00:00Z", "2026-01-01T00:30:00Z", "2026-01-01T01:30:00Z");
  }

  @Test
  void hours_whereTheClockMovesByHalfAnHour_followTheClock() {
    // At 15:00Z the clock of Lord Howe goes from 02:00 back to 01:30: its hour one has 90 minutes.
    assertThat(
            starts(
                "2026-04-04T14:00:00Z",
                "2026-04-04T17:00:00Z",
                IntervalUnit.HOUR,
                "Australia/Lord_Howe"))
        .containsExactly("2026-04-04T14:00:00Z", "2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z");
    // At 15:30Z it goes from 02:00 to 02:30: its hour two has 30 minutes.
    assertThat(
            starts(
                "2026-10-03T14:30:00Z",
                "2026-10-03T17:00:00Z",
                IntervalUnit.HOUR,
                "Australia/Lord_Howe"))
        .containsExactly("2026-10-03T14:30:00Z", "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z");
  }

  @Test
  void day_thatAZoneSkipped_isNone() {
    assertThat(
            starts(
                "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z", IntervalUnit.DAY, "Pacific/Apia"))
        .containsExactly("2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z");
  }

  @Test
  void day_whoseClockIsSetBackOverMidnight_beginsOnce() {
    // At 00:01 of the 29th the clock of St John's went back to 23:01 of the 28th.
    assertThat(
            starts(
                "2006-10-28T12:00:00Z",
                "2006-10-31T00:00:00Z",
                IntervalUnit.DAY,
                "America/St_Johns"))
        .containsExactly("2006-10-28T12:00:00Z", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z");
  }

  @Test
  void weeks_beginOnMonday_andMonthsOnTheFirst() {
    assertThat(starts("2026-01-07T00:00:00Z", "2026-01-20T00:00:00Z", IntervalUnit.WEEK, "UTC"))
        .containsExactly("2026-01-07T00:00:00Z", "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z");
    assertThat(starts("2026-01-31T12:00:00Z", "2026-04-01T00:00:00Z", IntervalUnit.MONTH, "UTC"))
        .containsExactly("2026-01-31T12:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
  }

  @Test
  void intervals_ofAnyZoneAndWindow_coverItInOrder() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> zones = new ArrayList<>(ZoneId.getAvailableZoneIds());
    IntervalUnit[] units = IntervalUnit.values();
    for (int i = 0; i < 2000; i++) {
      long from = (long) (random.nextDouble() * 4e15) - 2_000_000_000_000_000L;
      TimeRange window = new TimeRange(from, from + (long) (random.nextDouble() * 86400e6 * 20));
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Intervals intervals = Intervals.of(window, units[random.nextInt(units.length)], zone);
      long at = from;
      for (int n = 0; n < intervals.count(); n++) {
        TimeRange range = intervals.range(n);
        assertThat(range.fromMicros()).as("seed " + seed).isEqualTo(at);
        assertThat(range.isEmpty()).as("seed " + seed).isFalse();
        assertThat(intervals.indexOf(range.fromMicros())).isEqualTo(n);
        assertThat(intervals.indexOf(range.toMicros() - 1)).isEqualTo(n);
        at = range.toMicros();
      }
      assertThat(at).as("seed " + seed).isEqualTo(window.toMicros());
    }
  }

  @Test
  void intervals_beyondTheLimit_areRefused() {
    TimeRange most = new TimeRange(0, Intervals.MAX_COUNT * 60_000_000L);
    assertThat(Intervals.of(most, IntervalUnit.MINUTE, ZoneId.of("UTC")).count())
        .isEqualTo(Intervals.MAX_COUNT);
    TimeRange more = new TimeRange(0, most.toMicros() + 1);
    assertThatThrownBy(() -> Intervals.of(more, IntervalUnit.MINUTE, ZoneId.of("UTC")))
        .isInstanceOf(Intervals.TooManyIntervalsException.class);
  }

  @Test
  void emptyWindow_isOneStretchUncut_andNoneCut() {
    TimeRange empty = new TimeRange(5, 5);
    assertThat(Intervals.of(empty, IntervalUnit.NONE, ZoneId.of("UTC")).count()).isOne();
    assertThat(Intervals.of(empty, IntervalUnit.DAY, ZoneId.of("UTC")).count()).isZero();
  }

  @Test
  void sameStretches_areEqual_whateverHasCutThem() {
    String from = "2001-01-01T00:00:00Z";
    String to = "2001-01-02T00:00:00Z";
    Intervals day = intervals(from, to, IntervalUnit.DAY, "UTC");
    assertThat(day)
        .isEqualTo(intervals(from, to, IntervalUnit.DAY, "Etc/UTC"))
        .hasSameHashCodeAs(intervals(from, to, IntervalUnit.DAY, "Etc/UTC"))
        .isNotEqualTo(intervals(from, to, IntervalUnit.NONE, "UTC"))
        .isNotEqualTo(intervals(from, to, IntervalUnit.HOUR, "UTC"))
        .isNotEqualTo(intervals(from, "2001-01-01T12:00:00Z", IntervalUnit.DAY, "UTC"));
  }

  private static List<Double> hours(String from, String to, IntervalUnit unit) {
    Intervals intervals = intervals(from, to, unit, "Europe/Berlin");
    List<Double> hours = new ArrayList<>();
    for (int i = 0; i < intervals.count(); i++) {
      hours.add(intervals.range(i).lengthMicros() / 3600e6);
    }
    return hours;
  }

  private static List<String> starts(String from, String to, IntervalUnit unit, String zone) {
    List<String> starts = new ArrayList<>();
    for (long start : intervals(from, to, unit, zone).starts()) {
      starts.add(Micros.toInstant(start).toString());
    }
    return starts;
  }

  private static Intervals intervals(String from, String to, IntervalUnit unit, String zone) {
    TimeRange window = new TimeRange(Micros.of(Instant.parse(from)), Micros.of(Instant.parse(to)));
    return Intervals.of(window, unit, ZoneId.of(zone));
  }
}
