package dev.windrow.query.answer;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Summary;

/** What was read for a question, and by which plan. */
public record Reading(Question question, PlanChoice choice, Summary summary) {
  /** By which it was read. */
  public WindowPlan plan() {
    return choice.plan();
  }

  /** Without the cells. */
  Reading counts() {
    return new Reading(question, choice, summary.withoutCells());
  }
}
