package dev.windrow.rollup;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A declared set of dimensions that is aggregated ahead of time, and the grains it is kept at.
 *
 * @param id the stored number
 * @param name what people call it
 * @param dimensions distinct; their order is the order of the values of a {@link RollupKey}
 * @param grains at least one; iterates from fine to coarse
 */
public record RollupDefinition(int id, String name, List<Dimension> dimensions, Set<Grain> grains) {
  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if the name is blank, a dimension is repeated or there is no
   *     grain
   */
  public RollupDefinition {
    if (name.isBlank()) {
      throw new IllegalArgumentException("rollup: name must not be blank, got \"" + name + "\"");
    }
    dimensions = List.copyOf(dimensions);
    if (Set.copyOf(dimensions).size() != dimensions.size()) {
      throw new IllegalArgumentException(
          "rollup: dimensions of " + name + " must be distinct, got " + dimensions);
    }
    if (grains.isEmpty()) {
      throw new IllegalArgumentException("rollup: " + name + " must have a grain, got none");
    }
    grains = Collections.unmodifiableSet(EnumSet.copyOf(grains));
  }

  /** The grain that deltas are written at, unless it is not kept where they are. */
  public Grain finest() {
    return grains.iterator().next();
  }

  /** Whether its aggregates keep their newest event: those of single entities do. */
  public boolean keepsLatest() {
    return dimensions.contains(Dimension.ENTITY_ID);
  }

  /**
   * The position of a dimension's value in this rollup's keys, or -1 if it is not one of its
   * dimensions.
   */
  public int indexOf(Dimension dimension) {
    return dimensions.indexOf(dimension);
  }

  /**
   * Whether a question about these dimensions, grouping and filter together, can be answered from
   * this rollup.
   */
  public boolean covers(Collection<Dimension> wanted) {
    return dimensions.containsAll(wanted);
  }
}
