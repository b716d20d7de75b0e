package dev.windrow.query.read;

/**
 * What one question may cost.
 *
 * @param maxRawRows raw events that are read
 * @param maxGroups rows of the answer before its limit, all of which are in memory
 */
public record ReadLimits(long maxRawRows, int maxGroups) {
  public static final long DEFAULT_MAX_RAW_ROWS = 5_000_000;
  public static final int DEFAULT_MAX_GROUPS = 200_000;
  public static final ReadLimits DEFAULT = new ReadLimits(DEFAULT_MAX_RAW_ROWS, DEFAULT_MAX_GROUPS);

  public ReadLimits {
    if (maxRawRows < 0) {
      throw new IllegalArgumentException("max raw rows: must not be negative, got " + maxRawRows);
    }
    if (maxGroups < 1) {
      throw new IllegalArgumentException("max groups: must be positive, got " + maxGroups);
    }
  }
}
