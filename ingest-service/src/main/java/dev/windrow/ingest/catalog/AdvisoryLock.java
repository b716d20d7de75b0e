package dev.windrow.ingest.catalog;

/**
 * The advisory locks of Windrow: pairs of a class, which is stored nowhere and must never change,
 * and a tenant. They end with their transaction where nothing else is said. Others have the classes
 * 5, of the queue of jobs, and 7, of changes of the catalogue.
 */
public enum AdvisoryLock {
  /** Shared by flushes; exclusive for a change of what events are folded into. */
  CATALOG(0x5749_0001),
  /** Exclusive: one compactor per tenant over all replicas. */
  COMPACTION(0x5749_0002),
  /** Exclusive: one process seals days, of all tenants, over all replicas. Held by a session. */
  SEALING(0x5749_0003),
  /**
   * Exclusive: one process lets a tenant's old data go, over all replicas; and one, for all
   * tenants, drops partitions. Held by a session.
   */
  RETENTION(0x5749_0004),
  /** Exclusive: one process verifies a tenant's days, over all replicas. Held by a session. */
  VERIFICATION(0x5749_0006);

  /** In the place of a tenant: for what is done for all of them at once. */
  public static final int ALL_TENANTS = 0;

  private final int classId;

  AdvisoryLock(int classId) {
    this.classId = classId;
  }

  /** The first of PostgreSQL's two lock keys; the second is the tenant. */
  public int classId() {
    return classId;
  }
}
