package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes what a retired rollup has left. */
final class DeleteRetired {
  static final int AT_ONCE = 10_000;

  // First the notes: who folds them meanwhile ends before they can be deleted, and leaves deltas.
  private static final List<String> DELTA =
      List.of(
          "DELETE FROM unfolded_batches WHERE tenant_id = $1 AND rollup_id = $2",
          "DELETE FROM rollup_deltas WHERE tenant_id = $1 AND rollup_id = $2");

  private static final String BUCKETS =
      """
      DELETE FROM rollup_buckets
      WHERE tenant_id = $1 AND rollup_id = $2 AND (grain, start_at, key) IN (
        SELECT grain, start_at, key FROM rollup_buckets WHERE tenant_id = $1 AND rollup_id = $2 LIMIT 10000)
      """;

  private DeleteRetired() {}

  /** The delta in both of its forms, with compaction locked out. */
  static Mono<Void> delta(Connection connection, int tenantId, int rollupId) {
    return Flux.fromIterable(DELTA)
        .concatMap(sql -> run(connection, sql, tenantId, rollupId), 0)
        .then();
  }

  /** Some buckets; how many. */
  static Mono<Long> buckets(Connection connection, int tenantId, int rollupId) {
    return run(connection, BUCKETS, tenantId, rollupId);
  }

  private static Mono<Long> run(Connection connection, String sql, int tenantId, int rollupId) {
    return Flux.from(
            connection.createStatement(sql).bind("$1", tenantId).bind("$2", rollupId).execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum);
  }
}
