package dev.windrow.rollup;

import java.util.Comparator;

/**
 * Where a bucket is: one key of a rollup at one start of a grain.
 *
 * @param startMicros in microseconds since the Unix epoch (UTC)
 */
public record Slot(int rollupId, Grain grain, long startMicros, RollupKey key) {
  /** By rollup, grain, start and key. */
  public static final Comparator<Slot> ORDER = Slot::compare;

  @Override
  public int hashCode() {
    return (31 * key.hashCode() + Long.hashCode(startMicros / 1_000_000)) * 31
        + 4 * rollupId
        + grain.code();
  }

  // Written out: a chain of comparators takes longer than all else that compaction does to a slot.
  private static int compare(Slot a, Slot b) {
    if (a.rollupId != b.rollupId) {
      return Integer.compare(a.rollupId, b.rollupId);
    }
    if (a.grain != b.grain) {
      return a.grain.compareTo(b.grain);
    }
    if (a.startMicros != b.startMicros) {
      return Long.compare(a.startMicros, b.startMicros);
    }
    return a.key.compareTo(b.key);
  }
}
