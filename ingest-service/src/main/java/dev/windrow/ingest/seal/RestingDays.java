package dev.windrow.ingest.seal;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers since when days have got no more runs. For one thread at a time. */
final class RestingDays {
  private record Seen(long inserted, long sinceNanos) {}

  private final Duration quiet;
  private Map<LocalDate, Seen> seen = new HashMap<>();

  RestingDays(Duration quiet) {
    this.quiet = quiet;
  }

  /**
   * The first of these days that has rested for long enough; days that are not named are forgotten.
   */
  Optional<UnsealedDay> look(List<UnsealedDay> days, long nanos) {
    Map<LocalDate, Seen> now = new HashMap<>();
    Optional<UnsealedDay> rested = Optional.empty();
    for (UnsealedDay day : days) {
      Seen before = seen.get(day.date());
      Seen last =
          before != null && before.inserted() == day.inserted()
              ? before
              : new Seen(day.inserted(), nanos);
      now.put(day.date(), last);
      if (rested.isEmpty() && nanos - last.sinceNanos() >= quiet.toNanos()) {
        rested = Optional.of(day);
      }
    }
    seen = now;
    return rested;
  }
}
