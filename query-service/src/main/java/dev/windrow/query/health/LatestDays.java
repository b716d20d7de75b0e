package dev.windrow.query.health;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.function.Predicate;

/** Parts of a window that consist of its last UTC days. */
final class LatestDays {
  private LatestDays() {}

  /** How many days a window touches. */
  static int count(TimeRange window) {
    long length = Grain.DAY.ceil(window.toMicros()) - Grain.DAY.floor(window.fromMicros());
    return Math.toIntExact(length / Grain.DAY.micros());
  }

  /** The last days; all of the window if it has no more. */
  static TimeRange of(TimeRange window, int days) {
    long from = Grain.DAY.ceil(window.toMicros()) - days * Grain.DAY.micros();
    return new TimeRange(Math.max(window.fromMicros(), from), window.toMicros());
  }

  /**
   * As many of the last days as fit, but at least the last one.
   *
   * @param fits holds for all parts of what it holds for
   */
  static TimeRange most(TimeRange window, Predicate<TimeRange> fits) {
    int fitting = 1;
    int tooMany = count(window) + 1;
    while (tooMany - fitting > 1) {
      int middle = (fitting + tooMany) >>> 1;
      if (fits.test(of(window, middle))) {
        fitting = middle;
      } else {
        tooMany = middle;
      }
    }
    return of(window, fitting);
  }
}
