package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.HistoryTimes;
import dev.windrow.benchmarks.harness.LiveTimes;
import dev.windrow.benchmarks.harness.SyntheticWorkload;
import dev.windrow.benchmarks.harness.Workload;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** How the events lie in time, which decides how well they fold. */
enum Shape {
  /** All of the last seconds. */
  LIVE,
  /** Evenly over 30 whole days that end yesterday, in order but for one in a hundred. */
  HISTORY,
  /** The flights of the quickstart, over and over, each time with other entities. */
  FLIGHTS;

  /** As it is given and shown. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Its events.
   *
   * @param types how many different types they have
   * @param begin of the whole run
   */
  Workload workload(int types, Instant begin) {
    return switch (this) {
      case LIVE -> new SyntheticWorkload(new LiveTimes(), types);
      case HISTORY -> new SyntheticWorkload(new HistoryTimes(begin), types);
      case FLIGHTS -> new FlightsWorkload();
    };
  }

  /** What the service must be told for these events; everything else is its default. */
  Map<String, String> serviceSettings() {
    // The flights are of 2001.
    return this == FLIGHTS ? Map.of("WINDROW_MAX_EVENT_AGE", "P45000D") : Map.of();
  }
}
