package dev.windrow.query.worth;

import dev.windrow.query.read.SourceWatermark;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a window is declared complete: what lies before the least watermark, and not in the
 * future.
 *
 * @param share from 0 to 1; 1 only if nothing is missing
 * @param missing the rest, in order of time
 */
public record Coverage(double share, List<MissingInterval> missing) {
  public Coverage {
    missing = List.copyOf(missing);
  }

  /**
   * The coverage of a window.
   *
   * @param least of the watermarks of all sources that declare one
   * @param now in microseconds: from then on is future
   */
  public static Coverage of(TimeRange window, SourceWatermark least, long now) {
    long present = within(window, now);
    long complete = Math.min(present, within(window, least.completeUntil()));
    List<MissingInterval> missing = new ArrayList<>();
    if (complete < present) {
      missing.add(
          new MissingInterval(
              new TimeRange(complete, present),
              MissingInterval.Reason.AFTER_WATERMARK,
              least.source()));
    }
    if (present < window.toMicros()) {
      missing.add(
          new MissingInterval(
              new TimeRange(present, window.toMicros()), MissingInterval.Reason.FUTURE, ""));
    }
    return new Coverage(share(window, complete), missing);
  }

  private static long within(TimeRange window, long time) {
    return Math.max(window.fromMicros(), Math.min(time, window.toMicros()));
  }

  private static double share(TimeRange window, long complete) {
    if (complete == window.toMicros()) {
      return 1;
    }
    double share = (double) (complete - window.fromMicros()) / window.lengthMicros();
    // A microsecond of many years is less than a double can tell from nothing.
    return Math.min(share, Math.nextDown(1.0));
  }
}
