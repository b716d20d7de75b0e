package dev.windrow.ingest.recompute;

import dev.windrow.rollup.AggregateRow;
import java.time.Instant;

/** A row of buckets or deltas as it was found. */
sealed interface StoredRow {
  /** One that can be read. */
  record Sound(AggregateRow row) implements StoredRow {}

  /**
   * One that no aggregate is stored as.
   *
   * @param problem what is wrong with it
   */
  record Broken(short grain, Instant start, String key, String problem) implements StoredRow {}
}
