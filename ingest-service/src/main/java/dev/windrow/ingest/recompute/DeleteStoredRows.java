package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes what a REPEATABLE READ transaction sees of a rollup's day, and nothing else: rows that
 * were written since its snapshot stay.
 */
final class DeleteStoredRows {
  private static final String BUCKETS =
      """
      DELETE FROM rollup_buckets
      WHERE tenant_id = $1 AND rollup_id = $2 AND grain = ANY ('{1,2,3}'::smallint[])
        AND start_at >= $3 AND start_at < $4
      """;

  private static final String DELTAS =
      """
      DELETE FROM rollup_deltas
      WHERE tenant_id = $1 AND rollup_id = $2 AND start_at >= $3 AND start_at < $4
      """;

  private DeleteStoredRows() {}

  /** How many buckets. */
  static Mono<Long> buckets(
      Connection connection, int tenantId, int rollupId, Instant from, Instant to) {
    return run(connection, BUCKETS, tenantId, rollupId, from, to);
  }

  /** How many deltas. */
  static Mono<Long> deltas(
      Connection connection, int tenantId, int rollupId, Instant from, Instant to) {
    return run(connection, DELTAS, tenantId, rollupId, from, to);
  }

  private static Mono<Long> run(
      Connection connection, String sql, int tenantId, int rollupId, Instant from, Instant to) {
    return Flux.from(
            connection
                .createStatement(sql)
                .bind("$1", tenantId)
                .bind("$2", rollupId)
                .bind("$3", from)
                .bind("$4", to)
                .execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum);
  }
}
