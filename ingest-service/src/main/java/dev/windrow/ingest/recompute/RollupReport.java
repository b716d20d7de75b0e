package dev.windrow.ingest.recompute;

/** What was found of a rollup's day, and what was done. */
public record RollupReport(int rollupId, String name, Findings findings, Replacement replacement) {
  /**
   * What was replaced.
   *
   * @param replaced whether anything was
   * @param buckets rows that were written
   * @param deltas rows that were taken
   */
  public record Replacement(boolean replaced, long buckets, long deltas) {
    static final Replacement NONE = new Replacement(false, 0, 0);
  }
}
