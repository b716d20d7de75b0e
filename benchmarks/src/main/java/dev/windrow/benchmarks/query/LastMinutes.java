package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Five minutes up to the end of history, ascending: what has just happened, if that end is now. */
record LastMinutes(Instant end) implements Times {
  private static final Duration SPAN = Duration.ofMinutes(5);

  @Override
  public long micros(int index, int count, Instant now, SplittableRandom random) {
    long from = TimeUnit.SECONDS.toMicros(end.minus(SPAN).getEpochSecond());
    return from + TimeUnit.SECONDS.toMicros(SPAN.toSeconds()) * index / count;
  }

  @Override
  public List<LocalDate> days(Instant now) {
    return List.of(LocalDate.ofInstant(end.minus(SPAN), ZoneOffset.UTC));
  }
}
