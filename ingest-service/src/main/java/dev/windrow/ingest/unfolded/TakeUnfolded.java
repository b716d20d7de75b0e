package dev.windrow.ingest.unfolded;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes back the notes of unfolded batches that no lane has taken back for so long that its process
 * must have ended, or has lost what it carried. Should it still live, it finds its notes gone, and
 * drops what it carries.
 */
public final class TakeUnfolded {
  private static final String SQL =
      """
      DELETE FROM unfolded_batches
      WHERE tenant_id = $1 AND (rollup_id, batch_id) IN (
        SELECT rollup_id, batch_id
        FROM (
          SELECT rollup_id, batch_id, event_count,
            sum(event_count) OVER (ORDER BY batch_id, rollup_id) AS through
          FROM (
            SELECT rollup_id, batch_id, event_count FROM unfolded_batches
            WHERE tenant_id = $1 AND noted_at < clock_timestamp() - $2 * interval '1 second'
            ORDER BY batch_id LIMIT 1000
            FOR UPDATE SKIP LOCKED
          ) AS old
        ) AS summed
        WHERE through - event_count < $3
      )
      RETURNING rollup_id, batch_id, oldest_occurred_at, newest_occurred_at
      """;

  private TakeUnfolded() {}

  /** A batch that is not folded into a rollup. */
  public record Note(int rollupId, long batchId, Instant oldest, Instant newest) {}

  /**
   * Notes that are older than this.
   *
   * @param maxEvents after which no further batch is taken
   */
  public static Mono<List<Note>> run(
      Connection connection, int tenantId, Duration age, int maxEvents) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", age.toSeconds())
                .bind("$3", maxEvents)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> note(row)))
        .collectList();
  }

  private static Note note(Row row) {
    return new Note(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Objects.requireNonNull(row.get(1, Long.class)),
        Objects.requireNonNull(row.get(2, Instant.class)),
        Objects.requireNonNull(row.get(3, Instant.class)));
  }
}
