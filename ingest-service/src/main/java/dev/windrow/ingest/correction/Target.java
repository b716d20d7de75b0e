package dev.windrow.ingest.correction;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** An event that is to be taken back, as it was found. */
public sealed interface Target {
  EventName name();

  /** It is there. */
  record Stored(EventName name, long batchId, Instant occurredAt) implements Target {
    /** The UTC day that it is of. */
    public LocalDate day() {
      return occurredAt.atOffset(ZoneOffset.UTC).toLocalDate();
    }
  }

  /** It has been taken back before, by a job. */
  record Voided(EventName name, Instant occurredAt, String jobId) implements Target {}

  /** It was stored, and retention has let it go. */
  record NotKept(EventName name) implements Target {}

  /** No event of this name was ever stored. */
  record Unknown(EventName name) implements Target {}
}
