package dev.windrow.query.read;

import dev.windrow.query.plan.Estimate;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import java.util.stream.Collectors;

/** Which questions are read at all: those whose cheapest plan is not thought to cost too much. */
public final class AdmissionPolicy {
  private final ReadLimits limits;

  public AdmissionPolicy(ReadLimits limits) {
    this.limits = limits;
  }

  /**
   * Lets a question through.
   *
   * @throws dev.windrow.runtime.error.WindrowException FAILED_PRECONDITION, QUESTION_TOO_COSTLY,
   *     with the estimate, the limit, and what would cost less
   */
  public void admit(Question question, PlanChoice choice) {
    Estimate estimate = choice.chosen().estimate();
    if (estimate.admittedCost() > limits.maxCost()) {
      String dimensions =
          question.neededDimensions().stream()
              .map(Dimension::name)
              .collect(Collectors.joining(","));
      throw TooCostly.question(limits, estimate, dimensions, advice(choice, dimensions));
    }
  }

  private static String advice(PlanChoice choice, String dimensions) {
    String usual = usualAdvice(choice, dimensions);
    return choice.plan().disturbance().isNone()
        ? usual
        : "ask anew without the position, because where batches came later raw events are read; or "
            + usual;
  }

  private static String usualAdvice(PlanChoice choice, String dimensions) {
    String rollup = dimensions.isEmpty() ? "" : " with no more than " + dimensions;
    Estimate estimate = choice.chosen().estimate();
    if (choice.plan().rollup().isEmpty()) {
      return "narrow the window"
          + (dimensions.isEmpty() ? "" : ", or have a rollup declared with " + dimensions)
          + ", because raw events are read: "
          + choice.plan().rawReason();
    }
    if (estimate.eventRows() > estimate.bucketRows()) {
      return "narrow the window, ask for intervals that begin with whole UTC hours or days, or have"
          + " a rollup of finer grain declared"
          + rollup;
    }
    return "narrow the window, ask for a coarser interval, or have a rollup declared" + rollup;
  }
}
