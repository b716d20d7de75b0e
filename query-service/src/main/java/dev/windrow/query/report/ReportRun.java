package dev.windrow.query.report;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneId;

/**
 * A report and all that is asked of it. Equal ones have the same answer, seen from the same
 * instant.
 *
 * @param filter the report's own and the caller's
 * @param offset rows to leave out first
 * @param serving from what it may be answered
 */
public record ReportRun(
    Report report,
    Breakdown breakdown,
    IntervalUnit interval,
    ReportWindow window,
    Filter filter,
    int offset,
    int limit,
    ZoneId zone,
    boolean explain,
    Serving serving) {
  private static final int TEXT_WEIGHT = 80;

  public ReportRun {
    if (offset < 0 || limit < 1 || (long) offset + limit > Question.MAX_LIMIT) {
      throw new IllegalArgumentException("offset: with limit, at most " + Question.MAX_LIMIT);
    }
  }

  /** About how much memory the filter takes, in bytes: callers decide how long it is. */
  long filterWeight() {
    return weight(filter);
  }

  private static long weight(Filter filter) {
    if (filter instanceof Filter.And and) {
      return and.parts().stream().mapToLong(ReportRun::weight).sum();
    }
    if (filter instanceof Filter.Or or) {
      return or.parts().stream().mapToLong(ReportRun::weight).sum();
    }
    if (filter instanceof Filter.Not not) {
      return weight(not.part());
    }
    return filter instanceof Filter.Comparison comparison
        ? comparison.values().stream().mapToLong(value -> TEXT_WEIGHT + 2L * value.length()).sum()
        : 0;
  }

  /**
   * The question of a summary, with the rows up to the last one that is shown.
   *
   * @throws Intervals.TooManyIntervalsException if the interval is too fine for the window
   */
  Question question(TimeRange asked) {
    return new Question(
        asked,
        Intervals.of(asked, interval, zone),
        report.metrics(),
        breakdown.groupBy(),
        filter,
        breakdown.order(),
        offset + limit,
        explain);
  }
}
