package dev.windrow.ingest.recompute;

import java.time.LocalDate;
import java.util.List;

/**
 * What became of building a rollup.
 *
 * @param days that were built
 * @param notKept days that could not be, because their events have been let go. If there are any,
 *     the rollup is not active: it would answer as if nothing had happened then
 */
public record BuildReport(int rollupId, long days, long events, List<LocalDate> notKept) {
  public BuildReport {
    notKept = List.copyOf(notKept);
  }

  /** Whether questions may be answered from the rollup. */
  public boolean isActive() {
    return notKept.isEmpty();
  }
}
