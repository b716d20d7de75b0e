package dev.windrow.query.report;

import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.rollup.Dimension;
import java.util.List;

/**
 * A way to break a report down.
 *
 * @param intervals that may be asked for, the first being the default; NONE alone if there are none
 */
public record Breakdown(
    String name, List<Dimension> groupBy, List<IntervalUnit> intervals, List<OrderTerm> order) {
  public Breakdown {
    groupBy = List.copyOf(groupBy);
    intervals = List.copyOf(intervals);
    order = List.copyOf(order);
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: is required");
    }
    if (intervals.isEmpty()) {
      throw new IllegalArgumentException("intervals: at least one, got none");
    }
  }
}
