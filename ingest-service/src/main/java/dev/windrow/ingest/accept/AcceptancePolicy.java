package dev.windrow.ingest.accept;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Which times of events are taken.
 *
 * @param maxAge how long ago an event may have happened
 * @param maxFuture how far ahead of this server's clock, for producers whose clocks run fast
 * @param horizon before which nothing is taken, whatever its age
 */
public record AcceptancePolicy(
    Duration maxAge, Duration maxFuture, Clock clock, RawHorizon horizon) {
  /** Nothing before is ever taken: the grid of partitions begins here. */
  public static final Instant FLOOR = RawHorizon.NONE;

  /** A policy of a store that keeps all raw events. */
  public AcceptancePolicy(Duration maxAge, Duration maxFuture, Clock clock) {
    this(maxAge, maxFuture, clock, new RawHorizon());
  }

  Instant oldest(Instant now) {
    Instant oldest = now.minus(maxAge);
    Instant kept = horizon.get();
    return oldest.isBefore(kept) ? kept : oldest;
  }

  Instant newest(Instant now) {
    return now.plus(maxFuture);
  }
}
