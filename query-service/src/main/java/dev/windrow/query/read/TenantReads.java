package dev.windrow.query.read;

import dev.windrow.runtime.sql.SnapshotReads;

/**
 * How one tenant's store is read.
 *
 * @param snapshots on which connections
 * @param limits how much of it, at most, for one answer
 * @param statistics how large it is, shared by all who read it
 */
public record TenantReads(
    SnapshotReads snapshots, ReadLimits limits, String tenant, RecentStatistics statistics) {

  /** Nothing is known of its size yet. */
  public static TenantReads of(SnapshotReads snapshots, ReadLimits limits, String tenant) {
    return new TenantReads(snapshots, limits, tenant, new RecentStatistics(System::nanoTime));
  }

  /** The same store, on other connections. */
  public TenantReads on(SnapshotReads others) {
    return new TenantReads(others, limits, tenant, statistics);
  }

  /** The same store, within other limits. */
  public TenantReads within(ReadLimits others) {
    return new TenantReads(snapshots, others, tenant, statistics);
  }
}
