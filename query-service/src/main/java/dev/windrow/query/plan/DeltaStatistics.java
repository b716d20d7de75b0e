package dev.windrow.query.plan;

import dev.windrow.rollup.TimeRange;

/**
 * The delta rows of one rollup a moment ago.
 *
 * @param extent from the start of the oldest to just after that of the newest
 */
public record DeltaStatistics(TimeRange extent, long rows) {
  public DeltaStatistics {
    if (extent.isEmpty() || rows < 1) {
      throw new IllegalArgumentException("rows: at least one, got " + rows + " in " + extent);
    }
  }

  double rows(TimeRange range) {
    return (double) rows * range.intersect(extent).lengthMicros() / extent.lengthMicros();
  }
}
