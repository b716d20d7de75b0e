package dev.windrow.ingest.recompute;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the exclusive half of the catalog barrier until the transaction ends: all flushes that have
 * begun have ended, and those that come wait. A statement of its own, so that the next one sees
 * what they have committed.
 */
final class LockCatalog {
  private static final String SQL = "SELECT pg_advisory_xact_lock($1, $2)";

  private LockCatalog() {}

  static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", AdvisoryLock.CATALOG.classId())
                .bind("$2", tenantId)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
