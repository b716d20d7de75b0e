package dev.windrow.query.watch;

import dev.windrow.query.worth.SnapshotText;

/**
 * A snapshot of the database.
 *
 * @param position as PostgreSQL writes it
 * @param snapshot the same, read
 * @param micros its time by the database's clock
 * @param standby whether it was taken on a standby
 */
public record AsOf(String position, SnapshotText snapshot, long micros, boolean standby) {
  public static AsOf of(String position, long micros, boolean standby) {
    return new AsOf(position, SnapshotText.parse(position), micros, standby);
  }

  /** Whether all that is visible at the other one is visible here. */
  boolean covers(SnapshotText other) {
    return snapshot.covers(other, standby);
  }

  /** Whether a batch that is known to be committed was visible here. */
  boolean sees(NewBatch batch) {
    return snapshot.sees(batch.xid(), standby);
  }
}
