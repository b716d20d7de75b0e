package dev.windrow.ingest.retention;

import java.util.List;

/**
 * Whether a day of events may go.
 *
 * @param unfolded a batch may have events there that are in no rollup yet
 * @param drifts of rollups that do not say what the events say
 */
record DayVerdict(boolean unfolded, List<Drift> drifts) {
  DayVerdict {
    drifts = List.copyOf(drifts);
  }

  boolean mayGo() {
    return !unfolded && drifts.isEmpty();
  }
}
