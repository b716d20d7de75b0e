package dev.windrow.ingest.backlog;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads how much of a tenant is not compacted, and since when. */
final class ReadDelta {
  // A delta row does not say when it was written, but its transaction does: the batch that it
  // wrote,
  // or, if it folded what an ended process has left, the last one before, is about as old as the
  // events are. A transaction's number is here 32 bits of the 64 that the batch has; who is seen is
  // less than 2^32 behind the snapshot. Both forms of the delta are small tables: they are read
  // whole.
  private static final String SQL =
      """
      WITH writers AS (
        SELECT xmin AS xid, count(*) AS delta_rows FROM rollup_deltas WHERE tenant_id = $1 GROUP BY xmin
      ), snapshot AS (
        SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS head
      ), deltas AS (
        SELECT sum(delta_rows) AS delta_rows, max((head - xid::text::bigint) & 4294967295) AS behind
        FROM writers CROSS JOIN snapshot
      ), notes AS (
        SELECT sum(event_count) AS events, min(noted_at) AS oldest FROM unfolded_batches WHERE tenant_id = $1
      )
      SELECT coalesce(deltas.delta_rows, 0)::bigint, coalesce(notes.events, 0)::bigint,
        coalesce(
          extract(epoch FROM clock_timestamp() - least(
            notes.oldest,
            (SELECT written_at FROM ingest_batches
             WHERE tenant_id = $1 AND xact_id <= (head - behind)::text::xid8
             ORDER BY xact_id DESC LIMIT 1))),
          0)::double precision
      FROM deltas CROSS JOIN notes CROSS JOIN snapshot
      """;

  private ReadDelta() {}

  /**
   * The delta.
   *
   * @param rows its folded form
   * @param unfoldedEvents its unfolded form, once for each rollup
   * @param oldestSeconds how long ago the oldest of both was written; 0 if there is none
   */
  record Delta(long rows, long unfoldedEvents, double oldestSeconds) {}

  static Mono<Delta> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(result -> result.map((row, metadata) -> delta(row)))
        .single();
  }

  private static Delta delta(Row row) {
    return new Delta(
        Objects.requireNonNull(row.get(0, Long.class)),
        Objects.requireNonNull(row.get(1, Long.class)),
        // A clock that was set back.
        Math.max(0, Objects.requireNonNull(row.get(2, Double.class))));
  }
}
