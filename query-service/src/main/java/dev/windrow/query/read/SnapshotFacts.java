package dev.windrow.query.read;

import dev.windrow.query.plan.Horizons;
import java.util.OptionalLong;

/**
 * What an answer tells about the snapshot that it was read in. Times are in microseconds.
 *
 * @param snapshotTime not after the snapshot, by the database's clock
 * @param position the snapshot, as PostgreSQL writes it
 * @param newestOccurredAt the newest time of any event; empty if there is none
 * @param newestBatchTime when the newest batch was written, corrections apart; empty if there is
 *     none
 * @param standby whether the database replays another one's changes
 * @param batchVisible whether the batch that was asked for is there; false if none was
 * @param horizons from when on what is kept
 * @param arrivals whether any event did not arrive as it should
 * @param serverStart when the server was started that the snapshot is of: another one has another
 * @param watermarks whether any source has a declared one
 */
public record SnapshotFacts(
    int tenantId,
    long snapshotTime,
    String position,
    OptionalLong newestOccurredAt,
    OptionalLong newestBatchTime,
    boolean standby,
    boolean batchVisible,
    Horizons horizons,
    boolean arrivals,
    long serverStart,
    boolean watermarks) {
  /** Of an answer as of an earlier position: read now, but it does not have what is newest now. */
  public SnapshotFacts asOf(String earlier) {
    return new SnapshotFacts(
        tenantId,
        snapshotTime,
        earlier,
        OptionalLong.empty(),
        OptionalLong.empty(),
        standby,
        batchVisible,
        horizons,
        arrivals,
        serverStart,
        watermarks);
  }
}
