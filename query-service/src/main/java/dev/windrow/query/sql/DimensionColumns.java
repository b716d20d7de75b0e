package dev.windrow.query.sql;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupDefinition;

/** How a statement reads a dimension: an expression that is a text and never null. */
@FunctionalInterface
public interface DimensionColumns {
  String expression(Dimension dimension);

  /** Of {@code events}; names of attributes become parameters. */
  static DimensionColumns ofEvents(Parameters parameters) {
    return dimension -> {
      if (dimension.isAttribute()) {
        String name = parameters.add(dimension.attributeName());
        return "coalesce(attributes ->> " + name + "::text, '')";
      }
      return switch (dimension.name()) {
        case "type" -> "type";
        case "source" -> "source";
        case "status" -> "status";
        case "entity_id" -> "entity_id";
        default -> throw new IllegalArgumentException("dimension: not known, got " + dimension);
      };
    };
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
