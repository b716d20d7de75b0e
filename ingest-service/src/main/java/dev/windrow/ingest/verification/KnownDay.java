package dev.windrow.ingest.verification;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A UTC day that can be verified.
 *
 * @param estimatedEvents about how many events it has, of all tenants
 * @param last null if it has never been looked at
 */
record KnownDay(LocalDate day, long estimatedEvents, @Nullable Look last) {

  /**
   * What is known from looks at a day.
   *
   * @param ended when the last one did
   * @param took how long that one took
   * @param verified when it was verified last; null for never
   * @param differing rows that were wrong then
   * @param incomplete rows that did not know all that their events tell
   */
  record Look(
      Instant ended, Duration took, @Nullable Instant verified, long differing, long incomplete) {}

  /** Whether rows were wrong when it was verified last. */
  boolean isAdrift() {
    return last != null && last.differing() > 0;
  }
}
