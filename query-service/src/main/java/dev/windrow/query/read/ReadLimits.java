package dev.windrow.query.read;

/**
 * What one question may cost.
 *
 * @param maxRawRows raw events that are read
 * @param maxGroups rows of the answer before its limit, all of which are in memory
 * @param maxCost buckets and raw events that are thought to be read, before a filter leaves any out
 */
public record ReadLimits(long maxRawRows, int maxGroups, long maxCost) {
  public static final long DEFAULT_MAX_RAW_ROWS = 5_000_000;
  public static final int DEFAULT_MAX_GROUPS = 200_000;
  public static final long DEFAULT_MAX_COST = 20_000_000;
  public static final ReadLimits DEFAULT =
      new ReadLimits(DEFAULT_MAX_RAW_ROWS, DEFAULT_MAX_GROUPS, DEFAULT_MAX_COST);

  public ReadLimits {
    if (maxRawRows < 0) {
      throw new IllegalArgumentException("max raw rows: must not be negative, got " + maxRawRows);
    }
    if (maxGroups < 1) {
      throw new IllegalArgumentException("max groups: must be positive, got " + maxGroups);
    }
    if (maxCost < 1) {
      throw new IllegalArgumentException("max cost: must be positive, got " + maxCost);
    }
  }
}
