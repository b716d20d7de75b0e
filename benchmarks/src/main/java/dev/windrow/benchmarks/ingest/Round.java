package dev.windrow.benchmarks.ingest;

/**
 * Both sides with the same events, one after the other.
 *
 * @param number from 1 on for those that count
 */
record Round(int number, int events, SideResult reference, SideResult windrow) {
  boolean counts() {
    return number > 0;
  }

  /** Windrow's events per second, until everything is compacted, in units of the reference's. */
  double ratio() {
    return reference.seconds() / windrow.seconds();
  }

  double referenceRate() {
    return events / reference.seconds();
  }

  double windrowRate() {
    return events / windrow.seconds();
  }

  double ackedRate() {
    return events / windrow.ackedSeconds();
  }
}
