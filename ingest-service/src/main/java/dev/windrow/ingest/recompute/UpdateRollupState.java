package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves a rollup on in its life. */
final class UpdateRollupState {
  // Flushes fold into both alike, and need not hear of it.
  private static final String ACTIVATE =
      """
      UPDATE rollups SET state = 'ACTIVE'
      WHERE tenant_id = $1 AND rollup_id = $2 AND state = 'BUILDING'
      """;

  private static final String RETIRE =
      """
      WITH retired AS (
        UPDATE rollups SET state = 'RETIRED'
        WHERE tenant_id = $1 AND rollup_id = $2 AND state <> 'RETIRED'
        RETURNING tenant_id
      )
      UPDATE tenants t SET catalog_version = catalog_version + 1 FROM retired
      WHERE t.tenant_id = retired.tenant_id
      """;

  private UpdateRollupState() {}

  /** From being built; whether it was. */
  static Mono<Boolean> activate(Connection connection, int tenantId, int rollupId) {
    return run(connection, ACTIVATE, tenantId, rollupId);
  }

  /** Behind the barrier; whether it was not yet. */
  static Mono<Boolean> retire(Connection connection, int tenantId, int rollupId) {
    return run(connection, RETIRE, tenantId, rollupId);
  }

  private static Mono<Boolean> run(Connection connection, String sql, int tenantId, int rollupId) {
    return Flux.from(
            connection.createStatement(sql).bind("$1", tenantId).bind("$2", rollupId).execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum)
        .map(changed -> changed > 0);
  }
}
