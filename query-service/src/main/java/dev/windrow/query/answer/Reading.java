package dev.windrow.query.answer;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.query.read.Summary;
import dev.windrow.query.worth.NotKept;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.TimeRange;

/**
 * What was read for a question, and by which plan.
 *
 * @param asked the window that was asked for; that of the question may be a part of it
 */
public record Reading(Question question, TimeRange asked, PlanChoice choice, Summary summary) {
  /** Of the whole window that was asked for. */
  public Reading(Question question, PlanChoice choice, Summary summary) {
    this(question, question.window(), choice, summary);
  }

  /** Why the window is not the one that was asked for; empty if it is. */
  public String snappedReason() {
    return asked.equals(question.window()) ? "" : NotKept.reason(asked, question.window());
  }

  /** By which it was read. */
  public WindowPlan plan() {
    return choice.plan();
  }

  /**
   * Whether everything is known that the metrics are computed from. Buckets and deltas that were
   * written before sums of squares were kept, or merged from such, do not know theirs.
   */
  boolean isWhole() {
    return !question.asksFor(Measure.STDDEV)
        || summary.cells().stream().map(Cell::aggregate).allMatch(Aggregate::knowsSquares);
  }

  /** Without the cells. */
  Reading counts() {
    return new Reading(question, asked, choice, summary.withoutCells());
  }
}
