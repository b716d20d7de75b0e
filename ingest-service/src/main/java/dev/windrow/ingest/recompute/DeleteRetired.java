package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes what a retired rollup has left. */
final class DeleteRetired {
  // First the notes: who folds them meanwhile ends before they can be deleted, and leaves deltas.
  private static final List<String> DELTA =
      List.of(
          "DELETE FROM unfolded_batches WHERE tenant_id = $1 AND rollup_id = $2",
          "DELETE FROM rollup_deltas WHERE tenant_id = $1 AND rollup_id = $2");

  // In the order of the primary key, some ten thousand at once: a rollup that was young has no
  // statistics yet, and by them any other way may be taken for a short one.
  private static final String BUCKETS =
      """
      WITH least AS (
        SELECT grain FROM rollup_buckets WHERE tenant_id = $1 AND rollup_id = $2 ORDER BY grain LIMIT 1
      )
      DELETE FROM rollup_buckets b USING least
      WHERE b.tenant_id = $1 AND b.rollup_id = $2 AND b.grain = least.grain AND b.start_at <= coalesce((
          SELECT n.start_at FROM rollup_buckets n
          WHERE n.tenant_id = $1 AND n.rollup_id = $2 AND n.grain = (SELECT grain FROM least)
          ORDER BY n.start_at OFFSET 9999 LIMIT 1), 'infinity')
      """;

  private DeleteRetired() {}

  /** The delta in both of its forms, with compaction locked out. */
  static Mono<Void> delta(Connection connection, int tenantId, int rollupId) {
    return Flux.fromIterable(DELTA)
        .concatMap(sql -> run(connection, sql, tenantId, rollupId), 0)
        .then();
  }

  /** Some buckets of one grain; how many: 0 if there are no more. */
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
