package dev.windrow.query.plan;

/**
 * What a plan costs, in rows read, by two assumptions that need no statistics: each dimension of a
 * rollup multiplies the rows of a bucket's span, and a raw second costs what a busy source brings
 * in it. So a rollup of fewer dimensions wins, unless a coarse finest grain, or a coarse span,
 * makes it read long raw edges. What is not folded is known and costs what it is. The rule decides
 * cost alone: every plan gives the same answer.
 */
final class CostRule {
  private static final double KEYS_PER_DIMENSION = 8;
  private static final double EVENTS_PER_SECOND = 100;
  private static final double MICROS_PER_SECOND = 1e6;

  private CostRule() {}

  static double cost(WindowPlan plan) {
    int dimensions = plan.rollup().map(rollup -> rollup.dimensions().size()).orElse(0);
    double rowsPerBucket = Math.pow(KEYS_PER_DIMENSION, dimensions);
    double cost = plan.unfolded().stream().mapToLong(UnfoldedBatch::eventCount).sum();
    for (Segment segment : plan.segments()) {
      double micros = segment.range().lengthMicros();
      cost +=
          segment
              .tier()
              .grain()
              .map(grain -> micros / grain.micros() * rowsPerBucket)
              .orElse(micros / MICROS_PER_SECOND * EVENTS_PER_SECOND);
    }
    return cost;
  }
}
