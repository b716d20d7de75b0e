package dev.windrow.query.plan;

import dev.windrow.rollup.TimeRange;

/**
 * A part of a window and what answers it. Its range is never empty, and aligned to the grain of its
 * tier.
 */
public record Segment(Tier tier, TimeRange range) {
  public Segment {
    if (range.isEmpty()) {
      throw new IllegalArgumentException("range: must not be empty, got " + range);
    }
    tier.grain()
        .ifPresent(
            grain -> {
              if (!grain.aligned(range.fromMicros()) || !grain.aligned(range.toMicros())) {
                throw new IllegalArgumentException(
                    "range: must be whole " + grain.sqlName() + "s, got " + range);
              }
            });
  }
}
