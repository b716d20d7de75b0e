package dev.windrow.query.worth;

import dev.windrow.query.read.SourceWatermarks;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * What is declared complete at a snapshot.
 *
 * @param coverage of a window; empty if no source has declared anything
 */
public record Completeness(SourceWatermarks watermarks, Optional<Coverage> coverage) {
  /** Nothing is known of it. */
  public static final Completeness UNKNOWN =
      new Completeness(new SourceWatermarks(List.of(), 0, Optional.empty()), Optional.empty());

  static Completeness of(SourceWatermarks watermarks, TimeRange window, long now) {
    return new Completeness(
        watermarks, watermarks.least().map(least -> Coverage.of(window, least, now)));
  }
}
