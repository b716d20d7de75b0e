package dev.windrow.ingest.recompute;

/** What becomes of a day that was rebuilt. */
public enum RebuildMode {
  /** Nothing is written: the report is all. */
  VERIFY,
  /** Rollups that differ, or do not know all that their events tell, are replaced. */
  REPLACE,
  /** All rollups are replaced, whether they differ or not. */
  REPLACE_ALWAYS
}
