package dev.windrow.rollup;

/**
 * One stored row, delta or bucket: the aggregate of a rollup's events with one key within one
 * bucket of the grid.
 *
 * @param startMicros the bucket's start, in microseconds since the Unix epoch (UTC)
 */
public record AggregateRow(
    int rollupId, Grain grain, long startMicros, RollupKey key, Aggregate aggregate) {
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
}
