package dev.windrow.query.plan;

import dev.windrow.query.question.Question;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which part of a window can still be answered exactly. Where finer rows are gone, a coarser bucket
 * answers only what it lies in as a whole: the edges of a window, and of its intervals, may be of
 * none. What is between two such edges is answerable, and the longest such part over all rollups
 * that cover the question is taken, of equals the latest: so the part is a matter of the question
 * and of what is kept, and not of what a plan costs.
 */
public final class KeptWindow {
  private KeptWindow() {}

  /**
   * The part; an empty range if there is none, though the window is not empty.
   *
   * @param catalog with at least {@link CatalogScope#ofPlan}
   */
  public static TimeRange of(Question question, RollupCatalog catalog, Disturbance disturbance) {
    TimeRange window = question.window();
    if (catalog.horizons().keepAll(window)) {
      return window;
    }
    TimeRange longest =
        longestBetween(window, gone(question, Set.of(), CoarseSpans.none(), disturbance, catalog));
    for (ActiveRollup rollup : catalog.covering(question.neededDimensions())) {
      TimeRange kept =
          longestBetween(
              window,
              gone(question, rollup.definition().grains(), rollup.coarse(), disturbance, catalog));
      if (isBetter(kept, longest)) {
        longest = kept;
      }
    }
    return longest;
  }

  private static List<TimeRange> gone(
      Question question,
      Set<Grain> grains,
      CoarseSpans coarse,
      Disturbance disturbance,
      RollupCatalog catalog) {
    Horizons horizons = catalog.horizons();
    return gone(
        WindowCover.of(question.intervals(), grains, coarse, disturbance, horizons), horizons);
  }

  /** Of the segments of a cover, the parts that no row answers any more, in order of time. */
  static List<TimeRange> gone(List<Segment> segments, Horizons horizons) {
    List<TimeRange> gone = new ArrayList<>();
    for (Segment segment : segments) {
      TimeRange range = segment.range();
      if (segment.tier() == Tier.RAW && range.fromMicros() < horizons.raw()) {
        gone.add(new TimeRange(range.fromMicros(), Math.min(range.toMicros(), horizons.raw())));
      }
    }
    return gone;
  }

  private static TimeRange longestBetween(TimeRange window, List<TimeRange> gone) {
    TimeRange longest = new TimeRange(window.toMicros(), window.toMicros());
    long from = window.fromMicros();
    for (TimeRange part : gone) {
      TimeRange between = new TimeRange(from, part.fromMicros());
      if (isBetter(between, longest)) {
        longest = between;
      }
      from = part.toMicros();
    }
    TimeRange last = new TimeRange(from, window.toMicros());
    return isBetter(last, longest) ? last : longest;
  }

  private static boolean isBetter(TimeRange one, TimeRange other) {
    return one.lengthMicros() != other.lengthMicros()
        ? one.lengthMicros() > other.lengthMicros()
        : one.fromMicros() > other.fromMicros();
  }
}
