package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;

/** When the events of a round happened. */
public interface Times {
  /** Of the event {@code index} out of {@code count}, in microseconds since 1970. */
  long micros(int index, int count, Instant now, SplittableRandom random);

  List<LocalDate> days(Instant now);
}
