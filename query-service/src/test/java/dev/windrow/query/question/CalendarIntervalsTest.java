package dev.windrow.query.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.TimeRange;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Days and whatever is longer, against the calendar of {@code java.time}. */
class CalendarIntervalsTest {
  private static final List<IntervalUnit> UNITS =
      List.of(
          IntervalUnit.DAY,
          IntervalUnit.WEEK,
          IntervalUnit.MONTH,
          IntervalUnit.QUARTER,
          IntervalUnit.YEAR);

  // Midnights that a clock skips or shows twice, offsets of 30 and 45 minutes, days that were
  // skipped as a whole.
  private static final List<String> ODD_ZONES =
      List.of(
          "America/Sao_Paulo",
          "America/Havana",
          "Asia/Damascus",
          "Asia/Beirut",
          "America/St_Johns",
          "Asia/Kolkata",
          "Asia/Kathmandu",
          "Australia/Eucla",
          "Australia/Lord_Howe",
          "Pacific/Chatham",
          "Pacific/Apia",
          "Pacific/Kiritimati",
          "Pacific/Kwajalein");

  @Test
  void starts_ofAnyWindow_areTheFirstInstantsOfTheCalendar() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> zones = new ArrayList<>(ZoneId.getAvailableZoneIds());
    for (int i = 0; i < 2000; i++) {
      List<String> from = i % 2 == 0 ? ODD_ZONES : zones;
      ZoneId zone = ZoneId.of(from.get(random.nextInt(from.size())));
      IntervalUnit unit = UNITS.get(random.nextInt(UNITS.size()));
      TimeRange window = window(random, unit);
      assertThat(Intervals.of(window, unit, zone).starts())
          .as("seed %d %s %s %s", seed, zone, unit, window)
          .containsExactly(expected(window, unit, zone));
    }
  }

  @Test
  void starts_ofOddZones_areTheFirstInstantsOfTheCalendarAtEveryTurnOfTheirClocks() {
    for (String name : ODD_ZONES) {
      ZoneId zone = ZoneId.of(name);
      Instant at = Instant.parse("1970-01-01T00:00:00Z");
      while (zone.getRules().nextTransition(at) != null
          && at.isBefore(Instant.parse("2030-01-01T00:00:00Z"))) {
        at = zone.getRules().nextTransition(at).getInstant();
        long turn = Micros.of(at);
        for (IntervalUnit unit : UNITS) {
          for (long from : new long[] {turn - 86_400_000_000L, turn - 1, turn, turn + 1}) {
            TimeRange window = new TimeRange(from, turn + 100 * 86_400_000_000L);
            assertThat(Intervals.of(window, unit, zone).starts())
                .as("%s %s %s", name, unit, window)
                .containsExactly(expected(window, unit, zone));
          }
        }
      }
    }
  }

  @Test
  void quarters_beginInJanuaryAprilJulyAndOctober() {
    assertThat(starts("2025-11-11T11:11:00Z", "2027-01-01T00:00:00Z", IntervalUnit.QUARTER, "UTC"))
        .containsExactly(
            "2025-11-11T11:11:00Z",
            "2026-01-01T00:00:00Z",
            "2026-04-01T00:00:00Z",
            "2026-07-01T00:00:00Z",
            "2026-10-01T00:00:00Z");
  }

  @Test
  void quarter_whoseMidnightIsSkipped_beginsAnHourLater() {
    // The clock of Damascus went from 00:00 to 01:00 on the first of April.
    assertThat(
            starts(
                "2005-03-01T00:00:00Z",
                "2005-05-01T00:00:00Z",
                IntervalUnit.QUARTER,
                "Asia/Damascus"))
        .containsExactly("2005-03-01T00:00:00Z", "2005-03-31T22:00:00Z");
  }

  @Test
  void year_whoseLastDayAZoneSkipped_endsWithTheDayBefore() {
    // Kiritimati had no 31 December 1994.
    assertThat(
            starts(
                "1994-12-30T00:00:00Z",
                "1996-06-01T00:00:00Z",
                IntervalUnit.YEAR,
                "Pacific/Kiritimati"))
        .containsExactly("1994-12-30T00:00:00Z", "1994-12-31T10:00:00Z", "1995-12-31T10:00:00Z");
  }

  @Test
  void year_ofAZoneAtThreeQuarters_beginsThere() {
    assertThat(
            starts(
                "2025-06-01T00:00:00Z",
                "2026-06-01T00:00:00Z",
                IntervalUnit.YEAR,
                "Asia/Kathmandu"))
        .containsExactly("2025-06-01T00:00:00Z", "2025-12-31T18:15:00Z");
  }

  private static TimeRange window(Random random, IntervalUnit unit) {
    long from = (long) (random.nextDouble() * 4e15) - 2_000_000_000_000_000L;
    double days = unit == IntervalUnit.DAY ? 40 : 2000;
    return new TimeRange(from, from + 1 + (long) (random.nextDouble() * days * 86_400e6));
  }

  /** The window's beginning, and within it the first instant of every unit of the calendar. */
  private static long[] expected(TimeRange window, IntervalUnit unit, ZoneId zone) {
    TreeSet<Long> starts = new TreeSet<>();
    starts.add(window.fromMicros());
    LocalDate date = Micros.toInstant(window.fromMicros()).atZone(zone).toLocalDate().minusDays(2);
    LocalDate last = Micros.toInstant(window.toMicros()).atZone(zone).toLocalDate().plusDays(2);
    for (; !date.isAfter(last); date = date.plusDays(1)) {
      long start = Micros.of(date.atStartOfDay(zone).toInstant());
      if (first(date, unit).equals(date) && window.contains(start)) {
        starts.add(start);
      }
    }
    return starts.stream().mapToLong(Long::longValue).toArray();
  }

  /** The first date of the unit that a date belongs to. */
  private static LocalDate first(LocalDate date, IntervalUnit unit) {
    return switch (unit) {
      case DAY -> date;
      case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> date.with(TemporalAdjusters.firstDayOfMonth());
      case QUARTER -> date.with(IsoFields.DAY_OF_QUARTER, 1);
      case YEAR -> date.with(TemporalAdjusters.firstDayOfYear());
      default -> throw new IllegalArgumentException("unit: must be of the calendar, got " + unit);
    };
  }

  private static List<String> starts(String from, String to, IntervalUnit unit, String zone) {
    TimeRange window = new TimeRange(Micros.of(Instant.parse(from)), Micros.of(Instant.parse(to)));
    List<String> starts = new ArrayList<>();
    for (long start : Intervals.of(window, unit, ZoneId.of(zone)).starts()) {
      starts.add(Micros.toInstant(start).truncatedTo(ChronoUnit.MICROS).toString());
    }
    return starts;
  }
}
