package dev.windrow.query.report;

import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneId;

/** Which time a report is about. */
public sealed interface ReportWindow {
  /** Ten years; longer ones nobody means. */
  long MAX_MICROS = 3_660L * 24 * 3600 * 1_000_000;

  /** It, seen from an instant. */
  TimeRange at(long nowMicros, ZoneId zone);

  /**
   * Ends now.
   *
   * @param lengthMicros how long ago it begins
   * @param alignTo it begins with the first whole one after that instead; NONE if not
   */
  record Named(String name, long lengthMicros, IntervalUnit alignTo) implements ReportWindow {
    public Named {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name: is required");
      }
      if (lengthMicros <= 0 || lengthMicros > MAX_MICROS) {
        throw new IllegalArgumentException("length: must be more than 0 and at most 3,660 days");
      }
    }

    @Override
    public TimeRange at(long nowMicros, ZoneId zone) {
      TimeRange exact = new TimeRange(nowMicros - lengthMicros, nowMicros);
      return alignTo == IntervalUnit.NONE
          ? exact
          : new TimeRange(
              Math.min(Intervals.nextAfter(exact.fromMicros(), alignTo, zone), nowMicros),
              nowMicros);
    }
  }

  /** Named by its times. */
  record Explicit(TimeRange range) implements ReportWindow {
    @Override
    public TimeRange at(long nowMicros, ZoneId zone) {
      return range;
    }
  }
}
