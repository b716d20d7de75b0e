package dev.windrow.query.sql;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupDefinition;
import java.util.List;
import java.util.Optional;

/** How a statement reads a dimension: an expression that is a text and never null. */
@FunctionalInterface
public interface DimensionColumns {
  String expression(Dimension dimension);

  /**
   * A condition that holds wherever the dimension is one of these values, and that an index knows;
   * empty if there is none.
   *
   * @param values expressions
   */
  default Optional<String> implied(Dimension dimension, List<String> values) {
    return Optional.empty();
  }

  /** Of {@code events}; names of attributes become parameters. */
  static DimensionColumns ofEvents(Parameters parameters) {
    return new EventColumns(parameters);
  }

  /** Of {@code rollup_buckets} and {@code rollup_deltas}: the place of the dimension in the key. */
  static DimensionColumns ofKeys(RollupDefinition rollup) {
    return dimension -> {
      int index = rollup.indexOf(dimension);
      if (index < 0) {
        throw new IllegalArgumentException(
            "dimension: rollup " + rollup.name() + " lacks it, got " + dimension);
      }
      // PostgreSQL counts from 1.
      return "key[" + (index + 1) + "]";
    };
  }
}
