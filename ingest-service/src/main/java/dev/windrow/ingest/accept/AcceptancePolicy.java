package dev.windrow.ingest.accept;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Which times of events are taken.
 *
 * @param maxAge how long ago an event may have happened
 * @param maxFuture how far ahead of this server's clock, for producers whose clocks run fast
 */
public record AcceptancePolicy(Duration maxAge, Duration maxFuture, Clock clock) {
  /** Nothing before is ever taken: the grid of partitions begins here. */
  public static final Instant FLOOR = Instant.parse("1900-01-01T00:00:00Z");

  Instant oldest(Instant now) {
    Instant oldest = now.minus(maxAge);
    return oldest.isBefore(FLOOR) ? FLOOR : oldest;
  }

  Instant newest(Instant now) {
    return now.plus(maxFuture);
  }
}
