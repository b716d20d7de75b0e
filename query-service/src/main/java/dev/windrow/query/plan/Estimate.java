package dev.windrow.query.plan;

/**
 * How many stored rows a plan is thought to read, before a filter leaves any of them out. A guess:
 * it decides what is read and whether, never what an answer says.
 *
 * @param bucketRows of {@code rollup_buckets}
 * @param deltaRows of {@code rollup_deltas}, and events that are not folded into such rows
 * @param eventRows of {@code events}, in the raw parts of the window
 */
public record Estimate(long bucketRows, long deltaRows, long eventRows) {
  public Estimate {
    if (bucketRows < 0 || deltaRows < 0 || eventRows < 0) {
      throw new IllegalArgumentException(
          "rows: must not be negative, got " + bucketRows + ", " + deltaRows + ", " + eventRows);
    }
  }

  /** What plans are compared by: all rows, each counting one. */
  public long cost() {
    return bucketRows + deltaRows + eventRows;
  }

  /**
   * What a question is refused for: the cost without the delta. How long events wait in it is the
   * store's choice, which also bounds it, and no question fails for that.
   */
  public long admittedCost() {
    return bucketRows + eventRows;
  }
}
