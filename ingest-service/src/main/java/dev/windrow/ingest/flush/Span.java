package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.rollup.TimeRange;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the oldest to the newest of the events that it is shown, in any order. For one thread. */
final class Span {
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;
  private long day = Long.MIN_VALUE;
  private boolean inDays;

  /** Takes an event in, and tells whether its day is one of these; ask of one set only. */
  boolean inOneOf(Set<Long> days, long occurredAtMicros) {
    oldest = Math.min(oldest, occurredAtMicros);
    newest = Math.max(newest, occurredAtMicros);
    long of = Registry.day(occurredAtMicros);
    if (of != day) {
      day = of;
      inDays = days.contains(of);
    }
    return inDays;
  }

  /** Up to just behind the newest event; null if there was none. */
  @Nullable TimeRange range() {
    return oldest > newest ? null : new TimeRange(oldest, newest + 1);
  }
}
