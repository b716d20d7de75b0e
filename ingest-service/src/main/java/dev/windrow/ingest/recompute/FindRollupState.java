package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out where in its life a rollup is. */
final class FindRollupState {
  private static final String SQL =
      "SELECT state FROM rollups WHERE tenant_id = $1 AND rollup_id = $2";

  private FindRollupState() {}

  /** Empty if there is no such rollup. */
  static Mono<String> run(Connection connection, int tenantId, int rollupId) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tenantId).bind("$2", rollupId).execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, String.class))))
        .singleOrEmpty();
  }
}
