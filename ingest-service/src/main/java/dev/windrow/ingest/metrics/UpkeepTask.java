package dev.windrow.ingest.metrics;

import java.util.Locale;

/** The kinds of upkeep, as metrics and the log call them. */
public enum UpkeepTask {
  /** Deltas become buckets. */
  COMPACTION,
  /** Looks at what waits for compaction and for workers; done by every replica for itself. */
  BACKLOG,
  /** Days that are over get their index. */
  SEALING,
  /** What is older than it need be kept is let go. */
  RETENTION,
  /** Days are compared with their events. */
  VERIFICATION;

  /** As the log and the label have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
