package dev.windrow.query.worth;

import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.Horizons;
import dev.windrow.query.plan.KeptWindow;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.Micros;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** What is told of windows that are not kept as a whole. */
public final class NotKept {
  private NotKept() {}

  /**
   * The question about the part of its window that can still be answered exactly.
   *
   * @param whole whether nothing less will do
   * @throws WindrowException FAILED_PRECONDITION, WINDOW_NOT_KEPT, with the part if there is one
   */
  public static Question narrow(
      Question question, RollupCatalog catalog, Disturbance disturbance, boolean whole) {
    TimeRange window = question.window();
    TimeRange kept = KeptWindow.of(question, catalog, disturbance);
    if (kept.equals(window)) {
      return question;
    }
    if (whole || kept.isEmpty()) {
      throw failure(window, kept, catalog.horizons());
    }
    return question.within(kept);
  }

  /** Why an answer is about a part of the window that was asked for. */
  public static String reason(TimeRange asked, TimeRange kept) {
    StringJoiner parts = new StringJoiner(" and ");
    if (kept.fromMicros() > asked.fromMicros()) {
      parts.add(instant(asked.fromMicros()) + " to " + instant(kept.fromMicros()));
    }
    if (kept.toMicros() < asked.toMicros()) {
      parts.add(instant(kept.toMicros()) + " to " + instant(asked.toMicros()));
    }
    return "retention: of " + parts + " nothing is kept that answers it exactly";
  }

  /**
   * The part of a window of which events are kept.
   *
   * @throws WindrowException FAILED_PRECONDITION, WINDOW_NOT_KEPT if there is none, or not all of
   *     it although nothing less will do
   */
  public static TimeRange events(TimeRange window, Horizons horizons, boolean whole) {
    if (window.isEmpty() || window.fromMicros() >= horizons.raw()) {
      return window;
    }
    long from = Math.min(window.toMicros(), horizons.raw());
    TimeRange kept = new TimeRange(from, window.toMicros());
    if (whole || kept.isEmpty()) {
      throw failure(window, kept, horizons);
    }
    return kept;
  }

  /** WINDOW_NOT_KEPT. */
  static WindrowException failure(TimeRange window, TimeRange kept, Horizons horizons) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("window_start_time", instant(window.fromMicros()));
    metadata.put("window_end_time", instant(window.toMicros()));
    StringJoiner tiers = new StringJoiner(", ");
    tell("events", "raw_from", horizons.raw(), tiers, metadata);
    tell("minutes", "minute_from", horizons.minute(), tiers, metadata);
    tell("hours", "hour_from", horizons.hour(), tiers, metadata);
    tell("days", "day_from", horizons.day(), tiers, metadata);
    if (!kept.isEmpty()) {
      metadata.put("kept_start_time", instant(kept.fromMicros()));
      metadata.put("kept_end_time", instant(kept.toMicros()));
    }
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "WINDOW_NOT_KEPT",
            "window: must be kept finely enough to be answered exactly; "
                + tiers
                + "; "
                + (kept.isEmpty()
                    ? "ask for a later window, for what a rollup has, or for whole UTC days or hours"
                    : "ask for "
                        + instant(kept.fromMicros())
                        + " to "
                        + instant(kept.toMicros())
                        + ", or for whole UTC days or hours")
                + ", got "
                + instant(window.fromMicros())
                + " to "
                + instant(window.toMicros()),
            metadata)
        .toException();
  }

  private static void tell(
      String what, String key, long from, StringJoiner tiers, Map<String, String> metadata) {
    if (from != Horizons.ALWAYS) {
      tiers.add(what + " are kept from " + instant(from) + " on");
      metadata.put(key, instant(from));
    }
  }

  private static String instant(long micros) {
    return Micros.toInstant(micros).toString();
  }
}
