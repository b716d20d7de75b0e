package dev.windrow.query.plan;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.Filter.And;
import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import java.util.OptionalInt;

/**
 * What a plan costs, in rows read: so a rollup of fewer rows wins, unless a coarse finest grain, or
 * a coarse span, makes it read long raw edges. What is not folded is known and costs what it is.
 * Nothing but the cost is decided here: every plan gives the same answer.
 */
public final class CostRule {
  private CostRule() {}

  /** About how many rows a plan reads. */
  public static Estimate estimate(Question question, WindowPlan plan, StoreStatistics statistics) {
    double events = statistics.events(plan.rawRanges(), entities(question.filter()).orElse(0));
    double buckets = 0;
    double deltas = plan.unfolded().stream().mapToLong(UnfoldedBatch::eventCount).sum();
    if (plan.rollup().isPresent()) {
      buckets = statistics.buckets(plan.bucketSegments(), plan.rollup().get());
      deltas += statistics.deltas(plan.deltaRanges(), plan.rollup().get());
    }
    return new Estimate(Math.round(buckets), Math.round(deltas), Math.round(events));
  }

  /**
   * How many entities a filter narrows the events to. Of all dimensions only this one has an index;
   * others leave rows out after they were read.
   */
  private static OptionalInt entities(Filter filter) {
    if (filter instanceof Comparison comparison) {
      return comparison.dimension().equals(Dimension.ENTITY_ID) && !comparison.negated()
          ? OptionalInt.of(comparison.values().size())
          : OptionalInt.empty();
    }
    if (filter instanceof And and) {
      return and.parts().stream().map(CostRule::entities).flatMapToInt(OptionalInt::stream).min();
    }
    return OptionalInt.empty();
  }
}
