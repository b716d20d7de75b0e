package dev.windrow.query.read;

import java.util.List;

/**
 * What was read for a question, folded: one cell for each interval and group that has events, in no
 * particular order.
 *
 * @param bucketRows rows of buckets that the filter let through; likewise the others
 * @param deltaRows with the events that are themselves the delta
 * @param keptRows that were not read, because what they add up to was still known
 */
public record Summary(
    List<Cell> cells, long bucketRows, long deltaRows, long eventRows, long keptRows) {
  public Summary {
    cells = List.copyOf(cells);
  }

  /** One that was read as a whole. */
  public Summary(List<Cell> cells, long bucketRows, long deltaRows, long eventRows) {
    this(cells, bucketRows, deltaRows, eventRows, 0);
  }

  /** The same, to be told again without reading anything. */
  public Summary kept() {
    return new Summary(cells, 0, 0, 0, bucketRows + deltaRows + eventRows + keptRows);
  }

  /** The counts alone. */
  public Summary withoutCells() {
    return new Summary(List.of(), bucketRows, deltaRows, eventRows, keptRows);
  }
}
