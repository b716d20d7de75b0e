package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;

/** The five seconds before now, ascending but for a jitter of some milliseconds. */
public final class LiveTimes implements Times {
  private static final long SPAN_MICROS = 5_000_000;
  private static final long JITTER_MICROS = 5_000;

  @Override
  public long micros(int index, int count, Instant now, SplittableRandom random) {
    long back = SPAN_MICROS - JITTER_MICROS - (SPAN_MICROS - JITTER_MICROS) * index / count;
    return now.toEpochMilli() * 1000 - back - random.nextLong(JITTER_MICROS);
  }

  @Override
  public List<LocalDate> days(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return List.of(today.minusDays(1), today);
  }
}
