package dev.windrow.query.plan;

import java.util.List;

/**
 * The plan that answers, and those that would have given the same answer at a higher cost.
 *
 * @param rejected by other rollups, the cheapest first; then by raw events alone
 */
public record PlanChoice(RatedPlan chosen, List<RatedPlan> rejected) {
  public PlanChoice {
    rejected = List.copyOf(rejected);
  }

  /** The same, answered from what has been compacted. */
  public PlanChoice withoutDelta() {
    return new PlanChoice(new RatedPlan(chosen.plan().withoutDelta(), chosen.estimate()), rejected);
  }

  public WindowPlan plan() {
    return chosen.plan();
  }
}
