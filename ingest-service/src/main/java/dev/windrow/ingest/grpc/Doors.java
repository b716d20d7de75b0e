package dev.windrow.ingest.grpc;

import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.lane.Lanes;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the three doors share.
 *
 * @param timer for bounded waits; runs short tasks only, and forgets what is cancelled
 * @param overloadWait how long a stream may wait for room before it is told so
 * @param heartbeat the longest silence of an append stream whose client reads; 0 for any
 */
public record Doors(
    EventAcceptance acceptance,
    Lanes lanes,
    ScheduledExecutorService timer,
    Duration overloadWait,
    Duration heartbeat,
    Clock clock) {
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);
  private static final String GOING_AWAY = "GOING_AWAY";

  static Failure overloaded() {
    return Failure.retryable(
        Status.Code.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        "more is waiting to be stored than this server may hold",
        RETRY_AFTER);
  }

  static Failure goingAway() {
    return Failure.retryable(
        Status.Code.UNAVAILABLE,
        GOING_AWAY,
        "this server is going away; the request is not acknowledged",
        RETRY_AFTER);
  }

  static boolean isGoingAway(Failure why) {
    return why.reason().equals(GOING_AWAY);
  }

  static Failure starting() {
    return Failure.retryable(
        Status.Code.UNAVAILABLE,
        "STARTING",
        "this server has not reached its database yet",
        Duration.ofSeconds(1));
  }
}
