package dev.windrow.ingest.retention;

import dev.windrow.rollup.Grain;
import dev.windrow.runtime.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long what is kept; 0 is for ever. Each tier is kept at least as long as the finer one.
 *
 * @param raw events
 * @param minute buckets of minutes
 * @param hour buckets of hours
 * @param day buckets of days
 * @param grace the least time between moving a horizon and dropping what lies before it
 * @param pause between rounds
 */
public record RetentionSettings(
    Duration raw, Duration minute, Duration hour, Duration day, Duration grace, Duration pause) {

  /** Reads and checks them. */
  public static RetentionSettings from(Settings settings) {
    RetentionSettings read =
        new RetentionSettings(
            settings.duration("WINDROW_RETENTION_RAW", Duration.ofDays(7)),
            settings.duration("WINDROW_RETENTION_MINUTE", Duration.ofDays(7)),
            settings.duration("WINDROW_RETENTION_HOUR", Duration.ofDays(90)),
            settings.duration("WINDROW_RETENTION_DAY", Duration.ZERO),
            settings.duration("WINDROW_RETENTION_GRACE", Duration.ofMinutes(10)),
            settings.duration(
                "WINDROW_RETENTION_PAUSE", Duration.ofMinutes(1), Duration.ofMillis(10)));
    check(settings, "MINUTE", read.minute, "RAW", read.raw);
    check(settings, "HOUR", read.hour, "MINUTE", read.minute);
    check(settings, "DAY", read.day, "HOUR", read.hour);
    return read;
  }

  /** How long a tier is kept; 0 is for ever. */
  Duration of(Tier tier) {
    return switch (tier) {
      case RAW -> raw;
      case MINUTE -> minute;
      case HOUR -> hour;
      case DAY -> day;
    };
  }

  /** The grains whose buckets are let go when events are: these can stand for them all the time. */
  public Set<Grain> keptNoLongerThanEvents() {
    Map<Grain, Duration> buckets = Map.of(Grain.MINUTE, minute, Grain.HOUR, hour, Grain.DAY, day);
    return buckets.entrySet().stream()
        .filter(kept -> kept.getValue().equals(raw))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static void check(
      Settings settings, String coarse, Duration kept, String fine, Duration atLeast) {
    boolean shorter = !kept.isZero() && (atLeast.isZero() || kept.compareTo(atLeast) < 0);
    if (shorter) {
      settings.refuse(
          "WINDROW_RETENTION_" + coarse,
          "must be 0 (for ever) or at least WINDROW_RETENTION_"
              + fine
              + ", which is "
              + (atLeast.isZero() ? "0 (for ever)" : atLeast),
          kept);
    }
  }
}
