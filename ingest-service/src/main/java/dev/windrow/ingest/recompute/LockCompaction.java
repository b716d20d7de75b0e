package dev.windrow.ingest.recompute;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps compactors of a tenant away for as long as the session lasts, or until it is released. Of
 * the session, and not of a transaction: the statement that waits for a lock of a transaction would
 * give that transaction its snapshot, from before the wait.
 */
final class LockCompaction {
  // A session that waits, or works, for a client that is gone would keep compactors away.
  private static final String NOTICE =
      "SELECT set_config('client_connection_check_interval', '1s', false)";
  private static final String LOCK = "SELECT pg_advisory_lock($1, $2)";
  private static final String RELEASE = "SELECT pg_advisory_unlock($1, $2)";

  private LockCompaction() {}

  /** Waits for the compactor at work to end its step; outside of transactions. */
  static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(NOTICE).execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then(Mono.defer(() -> run(connection, LOCK, tenantId)));
  }

  static Mono<Void> release(Connection connection, int tenantId) {
    return run(connection, RELEASE, tenantId);
  }

  private static Mono<Void> run(Connection connection, String sql, int tenantId) {
    return Flux.from(
            connection
                .createStatement(sql)
                .bind("$1", AdvisoryLock.COMPACTION.classId())
                .bind("$2", tenantId)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
