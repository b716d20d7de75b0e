package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Flag;

/**
 * What to run, from the system properties of the same names.
 *
 * @param events of history, compacted before anything is asked
 * @param live further events of the second phase, acknowledged and not compacted; 0 leaves it out
 * @param seconds that a question is asked before it counts, and again while it counts; for each
 *     side and number of connections
 */
record QuerySettings(int events, int live, double seconds) {
  QuerySettings {
    Flag.atLeast("events", events, 1_000);
    Flag.atLeast("live", live, 0);
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds: must be more than 0, got " + seconds);
    }
  }

  static QuerySettings fromProperties() {
    return new QuerySettings(
        Flag.number("events", 5_000_000), Flag.number("live", 100_000), Flag.real("seconds", 3));
  }
}
