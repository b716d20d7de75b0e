package dev.windrow.ingest.accept;

import java.time.Instant;

/**
 * One event that is not stored.
 *
 * @param index its place in the request, from 0
 * @param field to change
 * @param message the rule and what was given
 */
public record RejectedEvent(int index, Reason reason, String field, String message, Instant at) {
  /** The same without its message. */
  public RejectedEvent withoutMessage() {
    return new RejectedEvent(index, reason, field, "", at);
  }

  /** Why an event is refused. Stored by name with the results of requests: a name stays. */
  public enum Reason {
    MISSING_FIELD,
    TOO_LONG,
    INVALID_VALUE,
    TOO_OLD,
    TOO_FAR_IN_FUTURE,
    PAYLOAD_MISMATCH;

    /** Whether the same event may be accepted later. */
    public boolean retryable() {
      return this == TOO_FAR_IN_FUTURE;
    }
  }
}
