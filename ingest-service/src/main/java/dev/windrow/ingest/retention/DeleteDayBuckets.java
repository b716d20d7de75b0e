package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes day buckets before a horizon, some at once. */
final class DeleteDayBuckets {
  static final int AT_ONCE = 10_000;

  // Rollup by rollup, as the key of the table goes.
  private static final String SQL =
      """
      DELETE FROM rollup_buckets_day WHERE ctid = ANY (ARRAY(
        SELECT b.ctid
        FROM rollups r
        CROSS JOIN LATERAL (
          SELECT ctid FROM rollup_buckets_day
          WHERE tenant_id = r.tenant_id AND rollup_id = r.rollup_id AND grain = 3 AND start_at < $1
          LIMIT $2
        ) AS b
        LIMIT $2))
      """;

  private DeleteDayBuckets() {}

  /** How many. */
  static Mono<Long> run(Connection connection, Instant before) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", before).bind("$2", AT_ONCE).execute())
        .concatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum);
  }
}
