package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;

/**
 * From when on what is kept, as of one snapshot: what lies before is gone, or may go at any moment.
 * Each is the beginning of a UTC day, in microseconds, or {@link #ALWAYS}.
 */
public record Horizons(long raw, long minute, long hour, long day) {
  /** Nothing has gone yet. */
  public static final long ALWAYS = Long.MIN_VALUE;

  private static final Horizons NONE = new Horizons(ALWAYS, ALWAYS, ALWAYS, ALWAYS);

  /**
   * Finer buckets are not relied on where coarser ones are gone: nothing is known of spans there.
   */
  public Horizons {
    hour = Math.max(hour, day);
    minute = Math.max(minute, hour);
  }

  /** Everything is kept. */
  public static Horizons none() {
    return NONE;
  }

  /** That of the buckets of a grain. */
  long of(Grain grain) {
    return switch (grain) {
      case MINUTE -> minute;
      case HOUR -> hour;
      case DAY -> day;
    };
  }

  /** Whether all that a range ever had is there. */
  boolean keepAll(TimeRange range) {
    long from = range.fromMicros();
    return from >= raw && from >= minute && from >= hour && from >= day;
  }
}
