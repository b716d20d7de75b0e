package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;

/**
 * How many rows there may be where nobody has counted: each dimension of a rollup multiplies the
 * rows of a bucket's span, and a second holds what a busy source brings in it.
 */
final class Assumption {
  private static final double KEYS_PER_DIMENSION = 8;
  private static final double EVENTS_PER_SECOND = 100;
  private static final double MICROS_PER_SECOND = 1e6;

  private Assumption() {}

  static double events(TimeRange range) {
    return range.lengthMicros() / MICROS_PER_SECOND * EVENTS_PER_SECOND;
  }

  static double buckets(TimeRange range, Grain grain, RollupDefinition rollup) {
    double slots = (double) range.lengthMicros() / grain.micros();
    return slots * Math.pow(KEYS_PER_DIMENSION, rollup.dimensions().size());
  }
}
