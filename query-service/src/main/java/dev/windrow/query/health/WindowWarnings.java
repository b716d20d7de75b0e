package dev.windrow.query.health;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.worth.Warning;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is told of a window that is not answered as a whole. */
final class WindowWarnings {
  private WindowWarnings() {}

  /**
   * The reasons; none if it is answered as a whole.
   *
   * @param stored the part whose events are still stored
   * @param answered the part of that which did not cost too much
   */
  static List<Warning> of(TimeRange asked, TimeRange stored, TimeRange answered) {
    List<Warning> warnings = new ArrayList<>();
    if (stored.fromMicros() > asked.fromMicros()) {
      warnings.add(
          new Warning(
              "WINDOW_REDUCED_BY_MISSING_EVENTS",
              begins(stored, asked) + "events of the day before are no longer stored"));
    }
    if (answered.fromMicros() > stored.fromMicros()) {
      warnings.add(
          new Warning(
              "WINDOW_REDUCED_BY_COST",
              begins(answered, stored)
                  + "to read more events would cost more than this server allows;"
                  + " filter, or ask for a shorter window"));
    }
    return warnings;
  }

  /** Nothing is left to answer. */
  static WindrowException nothingStored(TimeRange asked) {
    String window = asked.toString();
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "EVENTS_MISSING",
            "window: its events must still be stored, got " + window + ", whose last day is not",
            Map.of("window", window))
        .toException();
  }

  private static String begins(TimeRange window, TimeRange instead) {
    return "the window begins at "
        + Micros.toInstant(window.fromMicros())
        + " instead of "
        + Micros.toInstant(instead.fromMicros())
        + ": ";
  }
}
