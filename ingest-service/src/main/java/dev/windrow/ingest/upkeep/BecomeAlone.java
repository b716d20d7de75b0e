package dev.windrow.ingest.upkeep;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks to be the one, over all replicas, who does something until the connection is closed: for
 * work that is not one transaction.
 */
public final class BecomeAlone {
  private static final String LOCK = "SELECT pg_try_advisory_lock($1, $2)";

  private BecomeAlone() {}

  /** Whether nobody else is. */
  public static Mono<Boolean> run(Connection connection, AdvisoryLock lock, int tenantId) {
    return Flux.from(
            connection
                .createStatement(LOCK)
                .bind("$1", lock.classId())
                .bind("$2", tenantId)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
