package dev.windrow.benchmarks.query;

/** How near two answers of one value must be. */
enum Closeness {
  /** Counts, sums of whole numbers, bounds. */
  EQUAL(0),
  /** Sums and means of doubles, which SQL rounds at every step. */
  ROUNDED(1e-9),
  /** A percentile: what Windrow promises. */
  PERCENTILE(0.01),
  /** Distinct entities: four standard errors of Windrow's sketch, one more than it states. */
  DISTINCT(0.05);

  // The bound of the percentile is itself rounded.
  private static final double SLACK = 1 + 1e-9;

  private final double relative;

  Closeness(double relative) {
    this.relative = relative;
  }

  boolean holds(Number one, Number other) {
    if (one instanceof Long && other instanceof Long && relative == 0) {
      return one.longValue() == other.longValue();
    }
    double a = one.doubleValue();
    double b = other.doubleValue();
    return Double.compare(a, b) == 0 || Math.abs(a - b) <= relative * SLACK * Math.abs(b);
  }
}
