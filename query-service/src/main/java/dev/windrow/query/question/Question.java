package dev.windrow.query.question;

import dev.windrow.query.filter.Filter;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A question about a window, validated: whatever is in here can be answered.
 *
 * @param metrics at least one, of different names
 * @param groupBy different dimensions
 * @param order beyond it, rows are ordered by interval and groups
 * @param limit of the rows to return; of a call at most {@link #MAX_LIMIT}
 */
public record Question(
    TimeRange window,
    Intervals intervals,
    List<Metric> metrics,
    List<Dimension> groupBy,
    Filter filter,
    List<OrderTerm> order,
    int limit,
    boolean explain) {
  public static final int MAX_METRICS = 20;
  public static final int MAX_GROUP_BY = 8;
  public static final int DEFAULT_LIMIT = 1_000;
  public static final int MAX_LIMIT = 10_000;

  public Question {
    metrics = List.copyOf(metrics);
    groupBy = List.copyOf(groupBy);
    order = List.copyOf(order);
    if (metrics.isEmpty() || metrics.size() > MAX_METRICS) {
      throw new IllegalArgumentException("metrics: must be 1 to 20, got " + metrics.size());
    }
    if (groupBy.size() > MAX_GROUP_BY) {
      throw new IllegalArgumentException("group_by: must be at most 8, got " + groupBy.size());
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit: must be positive, got " + limit);
    }
  }

  /** The same of a part of the window. */
  public Question within(TimeRange part) {
    return new Question(
        part, intervals.within(part), metrics, groupBy, filter, order, limit, explain);
  }

  /** The same, of whose answer all rows are wanted. */
  public Question unlimited() {
    return new Question(
        window, intervals, metrics, groupBy, filter, order, Integer.MAX_VALUE, explain);
  }

  /** What a row must tell to be counted rightly: groups, filter, and the status of shares. */
  public Set<Dimension> neededDimensions() {
    Set<Dimension> needed = new LinkedHashSet<>(groupBy);
    filter.collectDimensions(needed);
    if (!shareStatuses().isEmpty()) {
      needed.add(Dimension.STATUS);
    }
    return needed;
  }

  /** The statuses whose shares are asked for, those of each metric, in the order of the metrics. */
  public List<List<String>> shareStatuses() {
    return metrics.stream()
        .filter(metric -> metric.measure() == Measure.STATUS_SHARE)
        .map(Metric::statuses)
        .toList();
  }

  /** Whether any metric is one of these. */
  public boolean asksFor(Measure... measures) {
    return metrics.stream().anyMatch(metric -> List.of(measures).contains(metric.measure()));
  }

  /** Whether the rows are ordered by the metric of this index. */
  public boolean isOrderedByMetric(int index) {
    return order.stream()
        .anyMatch(term -> term.target() == OrderTerm.Target.METRIC && term.index() == index);
  }

  /** Whether an answer has exactly one row, be there events or not. */
  public boolean hasOneRow() {
    return groupBy.isEmpty() && !intervals.cut();
  }
}
