package dev.windrow.ingest.recompute;

import java.time.LocalDate;
import java.util.List;

/**
 * What became of a UTC day.
 *
 * @param rollups in the order of their ids; none if the day was refused, or left as it is
 */
public record DayReport(LocalDate day, Outcome outcome, List<RollupReport> rollups) {
  public DayReport {
    rollups = List.copyOf(rollups);
  }

  /** Whether a day could be rebuilt. */
  public enum Outcome {
    DONE,
    /** Its events have been let go, or may go at any moment: there is nothing to rebuild from. */
    EVENTS_NOT_KEPT
  }

  static DayReport refused(LocalDate day) {
    return new DayReport(day, Outcome.EVENTS_NOT_KEPT, List.of());
  }

  /** There was nothing to do. */
  static DayReport unchanged(LocalDate day) {
    return new DayReport(day, Outcome.DONE, List.of());
  }

  /** Of all rollups. */
  public long differing() {
    return rollups.stream().mapToLong(rollup -> rollup.findings().differing()).sum();
  }

  /** Of all rollups. */
  public long incomplete() {
    return rollups.stream().mapToLong(rollup -> rollup.findings().incomplete()).sum();
  }
}
