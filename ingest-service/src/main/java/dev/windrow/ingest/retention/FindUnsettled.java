package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out whether something of a time, of a tenant or of all (0), is still to be compacted. */
final class FindUnsettled {
  private static final String EVENTS =
      """
      SELECT EXISTS (
        SELECT FROM unfolded_batches
        WHERE oldest_occurred_at < $2 AND newest_occurred_at >= $1 AND ($3 = 0 OR tenant_id = $3))
      """;

  private static final String AGGREGATES =
      """
      SELECT EXISTS (
          SELECT FROM rollup_deltas WHERE start_at >= $1 AND start_at < $2 AND ($3 = 0 OR tenant_id = $3))
        OR EXISTS (
          SELECT FROM unfolded_batches
          WHERE oldest_occurred_at < $2 AND newest_occurred_at >= $1 AND ($3 = 0 OR tenant_id = $3))
      """;

  private FindUnsettled() {}

  /** Whether a batch with events of this time may have some that are not folded yet. */
  static Mono<Boolean> events(Connection connection, int tenantId, Instant from, Instant to) {
    return run(connection, EVENTS, tenantId, from, to);
  }

  /** Whether buckets of this time may still be written. */
  static Mono<Boolean> aggregates(Connection connection, int tenantId, Instant from, Instant to) {
    return run(connection, AGGREGATES, tenantId, from, to);
  }

  private static Mono<Boolean> run(
      Connection connection, String sql, int tenantId, Instant from, Instant to) {
    return Flux.from(
            connection
                .createStatement(sql)
                .bind("$1", from)
                .bind("$2", to)
                .bind("$3", tenantId)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
