package dev.windrow.ingest.accept;

import java.time.Instant;

/**
 * One event that is not stored.
 *
 * @param index its place in the request, from 0
 * @param field to change
 * @param message the rule and what was given
 * @param occurredAtMicros when it happened; {@link #NO_TIME} if it does not say so
 */
public record RejectedEvent(
    int index, Reason reason, String field, String message, Instant at, long occurredAtMicros) {
  /** No event is of this time. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** One whose time is not known. */
  public RejectedEvent(int index, Reason reason, String field, String message, Instant at) {
    this(index, reason, field, message, at, NO_TIME);
  }

  /** The same without its message. */
  public RejectedEvent withoutMessage() {
    return new RejectedEvent(index, reason, field, "", at, occurredAtMicros);
  }

  public boolean hasTime() {
    return occurredAtMicros != NO_TIME;
  }

  /** Whether its time is one that is taken. */
  public boolean isOfOurTime() {
    return hasTime() && reason != Reason.TOO_OLD && reason != Reason.TOO_FAR_IN_FUTURE;
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
