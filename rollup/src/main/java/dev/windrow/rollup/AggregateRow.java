package dev.windrow.rollup;

import java.util.Comparator;

/**
 * One stored row, delta or bucket: the aggregate of a rollup's events with one key within one
 * bucket of the grid.
 *
 * @param startMicros the bucket's start, in microseconds since the Unix epoch (UTC)
 */
public record AggregateRow(
    int rollupId, Grain grain, long startMicros, RollupKey key, Aggregate aggregate) {
  /** By rollup, grain, start and key: no two rows of one fold are equal in all of them. */
  public static final Comparator<AggregateRow> ORDER = AggregateRow::compare;

  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if the start is not one of the grain's
   */
  public AggregateRow {
    if (!grain.aligned(startMicros)) {
      throw new IllegalArgumentException(
          "row: start must be that of a " + grain.sqlName() + ", got " + startMicros);
    }
  }

  // Written out: a chain of comparators takes longer than all else that compaction does to a row.
  private static int compare(AggregateRow a, AggregateRow b) {
    if (a.rollupId != b.rollupId) {
      return Integer.compare(a.rollupId, b.rollupId);
    }
    if (a.grain != b.grain) {
      return a.grain.compareTo(b.grain);
    }
    if (a.startMicros != b.startMicros) {
      return Long.compare(a.startMicros, b.startMicros);
    }
    return a.key.compareTo(b.key);
  }
}
