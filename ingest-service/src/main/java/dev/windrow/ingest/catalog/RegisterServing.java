package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Says that a tenant is served from now on. For the first time, this waits for whoever drops
 * partitions: those that are dropped later wait until this tenant has let go, too.
 */
public final class RegisterServing {
  // Who is served already takes no lock.
  private static final String SQL =
      """
      WITH first AS MATERIALIZED (
        SELECT pg_advisory_xact_lock($2, $3) FROM tenants WHERE tenant_id = $1 AND served_since IS NULL
      )
      UPDATE tenants SET served_since = clock_timestamp() FROM first WHERE tenant_id = $1 AND served_since IS NULL
      """;

  private RegisterServing() {}

  public static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", AdvisoryLock.RETENTION.classId())
                .bind("$3", AdvisoryLock.ALL_TENANTS)
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
