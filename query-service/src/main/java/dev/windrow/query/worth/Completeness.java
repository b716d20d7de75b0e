package dev.windrow.query.worth;

import dev.windrow.query.read.ArrivalCounts;
import dev.windrow.query.read.SourceWatermarks;
import dev.windrow.rollup.TimeRange;
import java.util.Optional;

/**
 * What is declared complete at a snapshot, and what did not arrive as it should.
 *
 * @param coverage of a window; empty if no source has declared anything
 * @param arrivals of a window; empty if it was not looked at
 */
public record Completeness(
    SourceWatermarks watermarks, Optional<Coverage> coverage, Optional<ArrivalCounts> arrivals) {
  /** Nothing is known of it. */
  public static final Completeness UNKNOWN =
      new Completeness(SourceWatermarks.NONE, Optional.empty(), Optional.empty());

  Completeness with(ArrivalCounts found) {
    return new Completeness(watermarks, coverage, Optional.of(found));
  }

  static Completeness of(
      SourceWatermarks watermarks, Optional<ArrivalCounts> arrivals, TimeRange window, long now) {
    return new Completeness(
        watermarks, watermarks.least().map(least -> Coverage.of(window, least, now)), arrivals);
  }
}
