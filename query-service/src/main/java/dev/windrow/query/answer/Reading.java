package dev.windrow.query.answer;

import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Summary;

/** What was read for a question, and by which plan. */
public record Reading(Question question, WindowPlan plan, Summary summary) {
  /** Without the cells. */
  Reading counts() {
    return new Reading(question, plan, summary.withoutCells());
  }
}
