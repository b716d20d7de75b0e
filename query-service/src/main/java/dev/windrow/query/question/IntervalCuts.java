package dev.windrow.query.question;

import dev.windrow.query.sql.Micros;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Where intervals begin, by the clock and the calendar of a zone.
 *
 * <p>Minutes are those of UTC. An hour begins whenever the zone's clock reads a full hour, and
 * whenever it jumps into another hour: a day on which the clock is set back by an hour has 25, one
 * of Lord Howe Island, set back by half an hour, has one of 90 minutes. Days, weeks, months,
 * quarters and years begin with their first instant, which is not midnight where the clock skips
 * it.
 */
final class IntervalCuts {
  private static final int SECONDS_PER_HOUR = 3600;

  private final IntervalUnit unit;
  private final ZoneId zone;

  IntervalCuts(IntervalUnit unit, ZoneId zone) {
    this.unit = unit;
    this.zone = zone;
  }

  /** The first beginning after an instant; both in microseconds. */
  long after(long micros) {
    Instant instant = Micros.toInstant(micros);
    LocalDate date = instant.atZone(zone).toLocalDate();
    return Micros.of(
        switch (unit) {
          case NONE -> throw new IllegalStateException("unit: cuts nothing, got NONE");
          case MINUTE -> instant.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
          case HOUR -> hourAfter(instant);
          case DAY -> dateAfter(instant, date.plusDays(1), Period.ofDays(1));
          case WEEK ->
              dateAfter(
                  instant, date.with(TemporalAdjusters.next(DayOfWeek.MONDAY)), Period.ofWeeks(1));
          case MONTH -> monthsAfter(instant, date, 1);
          case QUARTER -> monthsAfter(instant, date, 3);
          case YEAR -> monthsAfter(instant, date, 12);
        });
  }

  /** Months of a year in groups of so many, the first of which begins with January. */
  private Instant monthsAfter(Instant instant, LocalDate date, int months) {
    int first = (date.getMonthValue() - 1) / months * months + 1;
    LocalDate begun = LocalDate.of(date.getYear(), first, 1);
    return dateAfter(instant, begun.plusMonths(months), Period.ofMonths(months));
  }

  private Instant hourAfter(Instant instant) {
    ZoneRules rules = zone.getRules();
    Instant from = instant;
    while (true) {
      Instant full = fullHourAfter(from, rules.getOffset(from));
      ZoneOffsetTransition change = rules.nextTransition(from);
      if (change == null || change.getInstant().isAfter(full)) {
        return full;
      }
      if (beginsHour(change)) {
        return change.getInstant();
      }
      from = change.getInstant();
    }
  }

  private static Instant fullHourAfter(Instant instant, ZoneOffset offset) {
    long local = instant.getEpochSecond() + offset.getTotalSeconds();
    long next = Math.floorDiv(local, SECONDS_PER_HOUR) * SECONDS_PER_HOUR + SECONDS_PER_HOUR;
    return Instant.ofEpochSecond(next - offset.getTotalSeconds());
  }

  private static boolean beginsHour(ZoneOffsetTransition change) {
    LocalDateTime before = change.getDateTimeBefore().minusNanos(1).truncatedTo(ChronoUnit.HOURS);
    LocalDateTime after = change.getDateTimeAfter();
    return after.equals(after.truncatedTo(ChronoUnit.HOURS))
        || !before.equals(after.truncatedTo(ChronoUnit.HOURS));
  }

  /** The first beginning of {@code first}, or of a date whole steps later, after the instant. */
  private Instant dateAfter(Instant instant, LocalDate first, Period step) {
    LocalDate date = first;
    Instant begin = begin(date);
    // A clock that is set back over midnight shows a day again that has already begun.
    while (!begin.isAfter(instant)) {
      date = date.plus(step);
      begin = begin(date);
    }
    return begin;
  }

  private Instant begin(LocalDate date) {
    return date.atStartOfDay(zone).toInstant();
  }
}
