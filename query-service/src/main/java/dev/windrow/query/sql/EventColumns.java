package dev.windrow.query.sql;

import dev.windrow.rollup.Dimension;
import java.util.List;
import java.util.Optional;

/** The dimensions of an event in {@code events}. */
record EventColumns(Parameters parameters) implements DimensionColumns {
  // The index is gone through once for each value, and many values leave out little.
  private static final int MOST_HASHES = 16;

  @Override
  public String expression(Dimension dimension) {
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
  }

  /** Runs of events are in the order of this hash, and have no other index of entities. */
  @Override
  public Optional<String> implied(Dimension dimension, List<String> values) {
    if (!dimension.equals(Dimension.ENTITY_ID) || values.size() > MOST_HASHES) {
      return Optional.empty();
    }
    List<String> hashes = values.stream().map(value -> "hashtext(" + value + ")").toList();
    return Optional.of(
        hashes.size() == 1
            ? "hashtext(entity_id) = " + hashes.get(0)
            : "hashtext(entity_id) = ANY (ARRAY[" + String.join(", ", hashes) + "])");
  }
}
