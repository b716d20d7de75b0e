package dev.windrow.ingest.seal;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers since when days have got no more runs. For one thread at a time. */
final class RestingDays {
  private record Seen(long inserted, long sinceNanos) {}

  private final Duration quiet;
  private Map<LocalDate, Seen> seen = new HashMap<>();

  RestingDays(Duration quiet) {
    this.quiet = quiet;
  }

  /**
   * Those of these days that have rested for long enough; days that are not named are forgotten.
   */
  List<UnsealedDay> look(List<UnsealedDay> days, long nanos) {
    Map<LocalDate, Seen> now = new HashMap<>();
    List<UnsealedDay> rested = new ArrayList<>();
    for (UnsealedDay day : days) {
      Seen before = seen.get(day.date());
      Seen last =
          before != null && before.inserted() == day.inserted()
              ? before
              : new Seen(day.inserted(), nanos);
      now.put(day.date(), last);
      if (nanos - last.sinceNanos() >= quiet.toNanos()) {
        rested.add(day);
      }
    }
    seen = now;
    return rested;
  }
}
