package dev.windrow.query.read;

import java.util.List;

/**
 * What was read for a question, folded: one cell for each interval and group that has events, in no
 * particular order.
 *
 * @param bucketRows rows of buckets that the filter let through; likewise the others
 * @param deltaRows with the events that are themselves the delta
 */
public record Summary(List<Cell> cells, long bucketRows, long deltaRows, long eventRows) {
  public Summary {
    cells = List.copyOf(cells);
  }

  /** The counts alone. */
  public Summary withoutCells() {
    return new Summary(List.of(), bucketRows, deltaRows, eventRows);
  }
}
