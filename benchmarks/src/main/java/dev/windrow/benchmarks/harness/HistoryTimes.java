package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Thirty whole days that end yesterday, ascending; one event in a hundred is up to 2 days late. */
public final class HistoryTimes implements Times {
  private static final int DAYS = 30;
  private static final long SPAN_MICROS = TimeUnit.DAYS.toMicros(DAYS);
  private static final long LATE_MICROS = TimeUnit.DAYS.toMicros(2);
  private static final double LATE_SHARE = 0.01;

  private final LocalDate first;
  private final long firstMicros;

  /**
   * @param begin of the whole run: rounds after midnight have the same days
   */
  public HistoryTimes(Instant begin) {
    first = LocalDate.ofInstant(begin, ZoneOffset.UTC).minusDays(DAYS);
    firstMicros = TimeUnit.SECONDS.toMicros(first.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
  }

  @Override
  public long micros(int index, int count, Instant now, SplittableRandom random) {
    // In doubles, because the product does not fit into a long; a day has room for the rounding.
    long offset = (long) ((double) SPAN_MICROS / count * index);
    if (random.nextDouble() < LATE_SHARE) {
      offset = Math.max(0, offset - random.nextLong(LATE_MICROS));
    }
    return firstMicros + offset;
  }

  @Override
  public List<LocalDate> days(Instant now) {
    return first.datesUntil(first.plusDays(DAYS)).toList();
  }
}
