package dev.windrow.ingest.retention;

import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes a tenant's buckets of a grain and a time, some in each transaction. */
final class DeleteBuckets {
  private static final long AT_ONCE = 10_000;

  // Rollup by rollup, as the key of the table goes. The time is that of one partition, within which
  // ctid tells rows apart.
  private static final String SQL =
      """
      DELETE FROM rollup_buckets
      WHERE tenant_id = $1 AND grain = $2 AND start_at >= $3 AND start_at < $4 AND ctid = ANY (ARRAY(
        SELECT b.ctid
        FROM (SELECT rollup_id FROM rollups WHERE tenant_id = $1 UNION ALL SELECT 0) AS r
        CROSS JOIN LATERAL (
          SELECT ctid FROM rollup_buckets
          WHERE tenant_id = $1 AND rollup_id = r.rollup_id AND grain = $2 AND start_at >= $3 AND start_at < $4
          LIMIT $5
        ) AS b
        LIMIT $5))
      """;

  private DeleteBuckets() {}

  /**
   * How many there were. Outside of transactions.
   *
   * @param tier not of events
   * @param from with {@code to}, within one partition of the tier
   */
  static Mono<Long> run(Connection connection, int tenantId, Tier tier, Instant from, Instant to) {
    return Mono.defer(
            () ->
                Flux.from(
                        connection
                            .createStatement(SQL)
                            .bind("$1", tenantId)
                            .bind("$2", Grain.valueOf(tier.name()).code())
                            .bind("$3", from)
                            .bind("$4", to)
                            .bind("$5", AT_ONCE)
                            .execute())
                    .concatMap(Result::getRowsUpdated)
                    .reduce(0L, Long::sum))
        .repeat()
        .takeUntil(deleted -> deleted < AT_ONCE)
        .reduce(0L, Long::sum);
  }
}
