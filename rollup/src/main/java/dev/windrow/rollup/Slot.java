package dev.windrow.rollup;

/**
 * Where a bucket is: one key of a rollup at one start of a grain.
 *
 * @param startMicros in microseconds since the Unix epoch (UTC)
 */
public record Slot(int rollupId, Grain grain, long startMicros, RollupKey key) {
  @Override
  public int hashCode() {
    return (31 * key.hashCode() + Long.hashCode(startMicros / 1_000_000)) * 31
        + 4 * rollupId
        + grain.code();
  }
}
