package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * The first statements of a flush: the shared half of the catalog barrier, then the number of the
 * batch and the version of the catalog, then the ledgers. The version must be read in a snapshot
 * taken after the lock was had, so these are statements of their own; they are sent at once, and
 * the server takes them one after the other.
 */
final class BeginBatch {
  private static final String LOCK = "SELECT pg_advisory_xact_lock_shared($1, $2)";
  private static final String STAMP =
      """
      SELECT nextval('ingest_batch_ids'), catalog_version, pg_current_xact_id()::text, clock_timestamp(),
        EXISTS (SELECT FROM source_watermarks w WHERE w.tenant_id = t.tenant_id), has_arrivals
      FROM tenants t WHERE tenant_id = $1
      """;

  private BeginBatch() {}

  /**
   * What is known of a batch from its begin.
   *
   * @param xactId of the transaction
   * @param at the time of the batch by the database's clock, in microseconds
   * @param watermarked whether any source of the tenant is declared complete up to some time
   * @param hasArrivals whether it is known that events of the tenant did not arrive as they should
   */
  record Stamp(
      long batchId,
      long catalogVersion,
      String xactId,
      Instant at,
      boolean watermarked,
      boolean hasArrivals) {
    /** One of a tenant without either. */
    Stamp(long batchId, long catalogVersion, String xactId, Instant at) {
      this(batchId, catalogVersion, xactId, at, false, false);
    }
  }

  /**
   * The stamp, and the locked positions of the producers.
   *
   * @param positions by producer
   */
  record Begun(Stamp stamp, Map<String, Position> positions) {}

  /** Begins a transaction. */
  static Mono<Begun> run(
      PostgresqlConnection connection, int tenantId, Collection<String> producers) {
    // Errors wait for the others: to cancel a statement is worse than to await its failure.
    return Mono.zipDelayError(
            connection.beginTransaction().thenReturn(true),
            lock(connection, tenantId),
            stamp(connection, tenantId),
            LockProducers.run(connection, tenantId, producers))
        .map(all -> new Begun(all.getT3(), all.getT4()))
        .onErrorMap(SqlFailures::first);
  }

  private static Mono<Boolean> lock(PostgresqlConnection connection, int tenantId) {
    return connection
        .createStatement(LOCK)
        .bind("$1", AdvisoryLock.CATALOG.classId())
        .bind("$2", tenantId)
        .execute()
        .flatMap(result -> result.map((row, metadata) -> true))
        .single();
  }

  private static Mono<Stamp> stamp(PostgresqlConnection connection, int tenantId) {
    return connection
        .createStatement(STAMP)
        .bind("$1", tenantId)
        .execute()
        .flatMap(result -> result.map((row, metadata) -> stamp(row)))
        .single();
  }

  private static Stamp stamp(Row row) {
    return new Stamp(
        Objects.requireNonNull(row.get(0, Long.class)),
        Objects.requireNonNull(row.get(1, Long.class)),
        Objects.requireNonNull(row.get(2, String.class)),
        Objects.requireNonNull(row.get(3, Instant.class)),
        Boolean.TRUE.equals(row.get(4, Boolean.class)),
        Boolean.TRUE.equals(row.get(5, Boolean.class)));
  }
}
