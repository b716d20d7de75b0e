package dev.windrow.runtime.job;

import java.time.Instant;
import java.util.Optional;

/**
 * A job to be created.
 *
 * @param client who asks for it; empty if nobody knows
 * @param kind what its {@link JobKind} is called
 * @param spec what it is to do, as JSON
 * @param rewrites of which time of events it rewrites rows; empty if of none
 * @param requestId the client's name for this request; a second one by that name is the same
 */
public record NewJob(
    String client,
    String kind,
    String spec,
    Optional<Stretch> rewrites,
    Optional<String> requestId) {

  /** A stretch of time, without its end. */
  public record Stretch(Instant from, Instant to) {}
}
