package dev.windrow.ingest.recompute;

import dev.windrow.ingest.compaction.AggregateRecord;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.BufferUnderflowException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Reads what is stored of a rollup's day, in no particular order. */
final class ReadStoredRows {
  // The database sends so many and then waits to be asked for more.
  private static final int AT_ONCE = 5_000;

  // All grains, so that the key of the table is used up to the start.
  private static final String BUCKETS =
      """
      SELECT record_send(b), b.grain, b.start_at, b.key::text
      FROM (
        SELECT rollup_id, grain, start_at, key, event_count, value_count, value_sum, value_min,
          value_max, amount_sum, value_sketch, entity_sketch, latest, value_squares
        FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = $2 AND grain = ANY ('{1,2,3}'::smallint[])
          AND start_at >= $3 AND start_at < $4
      ) AS b
      """;

  private static final String DELTAS =
      """
      SELECT record_send(d), d.grain, d.start_at, d.key::text
      FROM (
        SELECT rollup_id, grain, start_at, key, event_count, value_count, value_sum, value_min,
          value_max, amount_sum, value_sketch, entity_sketch, latest, value_squares
        FROM rollup_deltas
        WHERE tenant_id = $1 AND rollup_id = $2 AND start_at >= $3 AND start_at < $4
      ) AS d
      """;

  private ReadStoredRows() {}

  /** Buckets of all grains, as fast as they are asked for; within a transaction. */
  static Flux<StoredRow> buckets(
      Connection connection, int tenantId, int rollupId, Instant from, Instant to) {
    return run(connection, BUCKETS, tenantId, rollupId, from, to);
  }

  /** Deltas, likewise. */
  static Flux<StoredRow> deltas(
      Connection connection, int tenantId, int rollupId, Instant from, Instant to) {
    return run(connection, DELTAS, tenantId, rollupId, from, to);
  }

  private static Flux<StoredRow> run(
      Connection connection, String sql, int tenantId, int rollupId, Instant from, Instant to) {
    return Flux.from(
            connection
                .createStatement(sql)
                .fetchSize(AT_ONCE)
                .bind("$1", tenantId)
                .bind("$2", rollupId)
                .bind("$3", from)
                .bind("$4", to)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> stored(row)), 1);
  }

  // Whatever a row has been made into must be found, and must not stop its repair.
  private static StoredRow stored(Row row) {
    try {
      return new StoredRow.Sound(AggregateRecord.read(required(row, 0, byte[].class)));
    } catch (IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | BufferUnderflowException
        | IndexOutOfBoundsException e) {
      return new StoredRow.Broken(
          required(row, 1, Short.class),
          required(row, 2, Instant.class),
          required(row, 3, String.class),
          Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
    }
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    @Nullable T value = row.get(index, type);
    return Objects.requireNonNull(value);
  }
}
