package dev.windrow.query.latest;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Of which events the newest of each pair are asked for, validated.
 *
 * @param asStored whether no window was given: nothing is judged to be missing then
 */
public record LatestQuestion(
    TimeRange window, boolean asStored, Filter filter, Requirements required, boolean explain) {
  /** All times that an event may have, from midnight to midnight, so that days alone answer. */
  public static final TimeRange ALL_TIME =
      new TimeRange(micros("0001-01-01T00:00:00Z"), micros("9999-12-31T00:00:00Z"));

  /** How the planner sees it: as events that are counted by pair. */
  public Question planned() {
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC),
        List.of(Metric.of(Measure.COUNT)),
        List.of(Dimension.TYPE, Dimension.ENTITY_ID),
        filter,
        List.of(),
        Question.MAX_LIMIT,
        explain);
  }

  private static long micros(String time) {
    return Instant.parse(time).getEpochSecond() * 1_000_000;
  }
}
