package dev.windrow.ingest.verification;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes what is known of days whose events have been let go: nothing can be compared with them
 * any more.
 */
final class DeleteLetGo {
  private static final String SQL =
      """
      DELETE FROM day_verifications v USING retention_horizons h
      WHERE v.tenant_id = $1 AND h.tenant_id = $1 AND h.tier = 'raw'
        AND v.day::timestamp AT TIME ZONE 'UTC' < h.from_at
      """;

  private DeleteLetGo() {}

  static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
