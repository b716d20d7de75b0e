package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out whether anything is stored of a rollup. */
public final class FindLeftRows {
  private static final String SQL =
      """
      SELECT EXISTS (SELECT FROM unfolded_batches WHERE tenant_id = $1 AND rollup_id = $2)
        OR EXISTS (SELECT FROM rollup_deltas WHERE tenant_id = $1 AND rollup_id = $2)
        OR EXISTS (SELECT FROM rollup_buckets WHERE tenant_id = $1 AND rollup_id = $2)
      """;

  private FindLeftRows() {}

  public static Mono<Boolean> run(Connection connection, int tenantId, int rollupId) {
    return Flux.<Result>from(
            connection.createStatement(SQL).bind("$1", tenantId).bind("$2", rollupId).execute())
        .concatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
