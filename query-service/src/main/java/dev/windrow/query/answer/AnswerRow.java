package dev.windrow.query.answer;

import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * One row of an answer.
 *
 * @param window the interval, cut to the window asked for
 * @param group the values of {@code group_by}, in its order
 * @param values of the metrics, in their order
 * @param distinctExact whether a number of distinct entities in it is the true one
 * @param compared the row of the other window that it is compared with; empty if there is none
 */
public record AnswerRow(
    TimeRange window,
    RollupKey group,
    List<Value> values,
    boolean distinctExact,
    Optional<AnswerRow> compared) {
  public AnswerRow {
    values = List.copyOf(values);
  }

  AnswerRow comparedWith(Optional<AnswerRow> other) {
    return new AnswerRow(window, group, values, distinctExact, other);
  }

  /** Whether that is so in the row that it is compared with, too. */
  boolean allDistinctExact() {
    return distinctExact && compared.map(AnswerRow::distinctExact).orElse(true);
  }
}
