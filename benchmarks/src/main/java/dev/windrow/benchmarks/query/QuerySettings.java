package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Flag;

/**
 * What to run, from the system properties of the same names.
 *
 * @param events of history, compacted before anything is asked
 * @param live further events of the second phase, acknowledged and not compacted; 0 leaves it out
 * @param seconds that a question is asked before it counts, and again while it counts; for each
 *     side and number of connections
 * @param warm seconds that each question is asked of Windrow by eight connections, twice, before
 *     the first phase: a service compiles for about a minute
 * @param questions a regular expression of their names
 */
record QuerySettings(int events, int live, double seconds, double warm, String questions) {
  QuerySettings {
    Flag.atLeast("events", events, 1_000);
    Flag.atLeast("live", live, 0);
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds: must be more than 0, got " + seconds);
    }
    if (!(warm >= 0)) {
      throw new IllegalArgumentException("warm: must be at least 0, got " + warm);
    }
  }

  static QuerySettings fromProperties() {
    return new QuerySettings(
        Flag.number("events", 5_000_000),
        Flag.number("live", 100_000),
        Flag.real("seconds", 3),
        Flag.real("warm", 2),
        pattern());
  }

  // The build passes what is not set as nothing.
  private static String pattern() {
    String pattern = System.getProperty("questions", "");
    return pattern.isEmpty() ? ".*" : pattern;
  }
}
