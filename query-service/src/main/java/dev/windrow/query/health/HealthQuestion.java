package dev.windrow.query.health;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneOffset;
import java.util.List;

/**
 * How healthy each entity was on each UTC day of a window.
 *
 * @param filter which events are checks
 * @param uptime a share of statuses: those that count as passed
 */
public record HealthQuestion(TimeRange window, Filter filter, Metric uptime) {
  public HealthQuestion {
    if (uptime.measure() != Measure.STATUS_SHARE) {
      throw new IllegalArgumentException("uptime: must be a share of statuses, got " + uptime);
    }
  }

  /** Of a part of the window. */
  HealthQuestion of(TimeRange part) {
    return new HealthQuestion(part, filter, uptime);
  }

  /** A question that reads the same events and has the same groups: what it costs, this costs. */
  Question asQuestion() {
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.DAY, ZoneOffset.UTC),
        List.of(uptime),
        List.of(Dimension.ENTITY_ID),
        filter,
        List.of(),
        Question.MAX_LIMIT,
        false);
  }
}
