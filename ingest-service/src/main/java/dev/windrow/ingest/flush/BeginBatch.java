package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The first statements of a flush: the shared half of the catalog barrier, then the number of the
 * batch and the version of the catalog. Two statements, because the version must be read in a
 * snapshot taken after the lock was had.
 */
final class BeginBatch {
  private static final String LOCK = "SELECT pg_advisory_xact_lock_shared($1, $2)";
  private static final String STAMP =
      "SELECT nextval('ingest_batch_ids'), catalog_version FROM tenants WHERE tenant_id = $1";

  private BeginBatch() {}

  /** The batch's number and the catalog's version. */
  record Stamp(long batchId, long catalogVersion) {}

  static Mono<Stamp> run(Connection connection, int tenantId) {
    Mono<Void> lock =
        Flux.from(
                connection
                    .createStatement(LOCK)
                    .bind("$1", AdvisoryLock.CATALOG.classId())
                    .bind("$2", tenantId)
                    .execute())
            .flatMap(result -> result.map((row, metadata) -> true))
            .then();
    return lock.thenMany(
            Flux.defer(() -> connection.createStatement(STAMP).bind("$1", tenantId).execute()))
        .flatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        new Stamp(
                            Objects.requireNonNull(row.get(0, Long.class)),
                            Objects.requireNonNull(row.get(1, Long.class)))))
        .single();
  }
}
