package dev.windrow.query.answer;

import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.util.List;

/**
 * One row of an answer.
 *
 * @param window the interval, cut to the window asked for
 * @param group the values of {@code group_by}, in its order
 * @param values of the metrics, in their order
 * @param distinctExact whether a number of distinct entities in it is the true one
 */
public record AnswerRow(
    TimeRange window, RollupKey group, List<Value> values, boolean distinctExact) {
  public AnswerRow {
    values = List.copyOf(values);
  }
}
