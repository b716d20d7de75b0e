package dev.windrow.query.answer;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.query.read.Summary;
import dev.windrow.rollup.Aggregate;

/** What was read for a question, and by which plan. */
public record Reading(Question question, PlanChoice choice, Summary summary) {
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
    return new Reading(question, choice, summary.withoutCells());
  }
}
