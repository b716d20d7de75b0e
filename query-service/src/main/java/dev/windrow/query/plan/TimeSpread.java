package dev.windrow.query.plan;

import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Map;

/**
 * How the rows of a table were spread over time when it was last analysed. Times are in
 * microseconds.
 *
 * @param quantiles ascending; between each two there are as many rows, evenly, as between others
 * @param common times of many rows, which the quantiles leave out, and their parts of all rows
 */
public record TimeSpread(List<Long> quantiles, Map<Long, Double> common) {
  private static final TimeSpread UNKNOWN = new TimeSpread(List.of(), Map.of());

  public TimeSpread {
    quantiles = List.copyOf(quantiles);
    common = Map.copyOf(common);
  }

  /** Never analysed. */
  public static TimeSpread unknown() {
    return UNKNOWN;
  }

  /** Evenly over a range that is not empty. */
  public static TimeSpread even(TimeRange range) {
    return new TimeSpread(List.of(range.fromMicros(), range.toMicros()), Map.of());
  }

  boolean isKnown() {
    return !quantiles.isEmpty() || !common.isEmpty();
  }

  /** The part of the rows that lies in a range, 0 to 1. */
  double part(TimeRange range) {
    double inCommon = 0;
    double allCommon = 0;
    for (Map.Entry<Long, Double> time : common.entrySet()) {
      allCommon += time.getValue();
      inCommon += range.contains(time.getKey()) ? time.getValue() : 0;
    }
    double slices = 0;
    for (int i = 1; i < quantiles.size(); i++) {
      slices += slice(quantiles.get(i - 1), quantiles.get(i), range);
    }
    double inSlices = slices / Math.max(1, quantiles.size() - 1);
    return Math.min(1, inCommon + Math.max(0, 1 - allCommon) * inSlices);
  }

  /** As {@link #part}, of rows that were added since: as densely as on average, and anywhere. */
  double partIfGrown(TimeRange range) {
    TimeRange extent = extent();
    double beyond = range.lengthMicros() - range.intersect(extent).lengthMicros();
    return Math.min(1, part(range) + beyond / Math.max(1, extent.lengthMicros()));
  }

  private static double slice(long from, long to, TimeRange range) {
    if (from == to) {
      return range.contains(from) ? 1 : 0;
    }
    return (double) range.intersect(new TimeRange(from, to)).lengthMicros() / (to - from);
  }

  private TimeRange extent() {
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (long time : common.keySet()) {
      from = Math.min(from, time);
      to = Math.max(to, time);
    }
    for (long time : quantiles) {
      from = Math.min(from, time);
      to = Math.max(to, time);
    }
    return new TimeRange(from, to);
  }
}
