package dev.windrow.query.filter;

import dev.windrow.rollup.Dimension;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A condition on the dimensions of an event. Absent attributes compare as the empty string. */
public sealed interface Filter {
  /** Adds the dimensions that decide, in order of appearance. */
  void collectDimensions(Set<Dimension> found);

  /** The dimensions that decide, in order of their first appearance. */
  default Set<Dimension> dimensions() {
    Set<Dimension> found = new LinkedHashSet<>();
    collectDimensions(found);
    return found;
  }

  /** Holds for every event. */
  record All() implements Filter {
    @Override
    public void collectDimensions(Set<Dimension> found) {}
  }

  /** Holds if each part does. */
  record And(List<Filter> parts) implements Filter {
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public void collectDimensions(Set<Dimension> found) {
      parts.forEach(part -> part.collectDimensions(found));
    }
  }

  /** Holds if any part does. */
  record Or(List<Filter> parts) implements Filter {
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public void collectDimensions(Set<Dimension> found) {
      parts.forEach(part -> part.collectDimensions(found));
    }
  }

  /** Holds if the part does not. */
  record Not(Filter part) implements Filter {
    @Override
    public void collectDimensions(Set<Dimension> found) {
      part.collectDimensions(found);
    }
  }

  /**
   * Holds if the dimension has one of the values or, negated, none of them.
   *
   * @param values at least one
   */
  record Comparison(Dimension dimension, boolean negated, List<String> values) implements Filter {
    public Comparison {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("values: at least one, got none");
      }
    }

    @Override
    public void collectDimensions(Set<Dimension> found) {
      found.add(dimension);
    }
  }
}
