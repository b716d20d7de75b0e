package dev.windrow.query.plan;

/**
 * From what an answer may be made.
 *
 * @param rollups whether rollups may tell it; else only events do
 * @param liveDelta whether what has not been compacted yet is read beside buckets; without it an
 *     answer is as old as the last compaction
 */
public record Serving(boolean rollups, boolean liveDelta) {
  /** As it should be. */
  public static final Serving FULL = new Serving(true, true);

  /** The same, with all that is known. */
  public Serving withLiveDelta() {
    return new Serving(rollups, true);
  }
}
