package dev.windrow.ingest.verification;

import dev.windrow.runtime.config.Settings;
import java.time.Duration;

/**
 * How much is verified.
 *
 * @param percent of the time, at most; 0 for never
 * @param pause between verifications, at least
 * @param maxEvents of a day that is verified
 * @param timeout after which a verification is given up
 */
public record VerificationSettings(int percent, Duration pause, long maxEvents, Duration timeout) {
  private static final int WHOLE = 100;
  private static final long MOST_EVENTS = 1_000_000_000;

  /** Reads and checks them. */
  public static VerificationSettings from(Settings settings) {
    return new VerificationSettings(
        settings.integer("WINDROW_VERIFY_PERCENT", 5, 0, WHOLE),
        settings.duration("WINDROW_VERIFY_PAUSE", Duration.ofSeconds(10), Duration.ofMillis(10)),
        settings.number("WINDROW_VERIFY_MAX_EVENTS", 1_000_000, 1, MOST_EVENTS),
        settings.duration("WINDROW_VERIFY_TIMEOUT", Duration.ofMinutes(3), Duration.ofSeconds(1)));
  }

  /** Whether there is anything to do. */
  public boolean isOn() {
    return percent > 0;
  }

  /** How long to rest after a verification. */
  Duration restAfter(Duration took) {
    Duration rest = took.multipliedBy(WHOLE - percent).dividedBy(percent);
    return rest.compareTo(pause) > 0 ? rest : pause;
  }
}
