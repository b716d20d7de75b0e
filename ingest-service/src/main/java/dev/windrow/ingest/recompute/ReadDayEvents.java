package dev.windrow.ingest.recompute;

import dev.windrow.ingest.compaction.StoredEvent;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import reactor.core.publisher.Flux;

/** Reads the events of a day, in no particular order. */
final class ReadDayEvents {
  // The database sends so many and then waits to be asked for more.
  private static final int AT_ONCE = 5_000;

  private static final String SQL =
      """
      SELECT batch_id, batch_index, occurred_at, source, type, entity_id, status, value, amount,
        CASE WHEN $4 THEN attributes::text END
      FROM events
      WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3
      """;

  private ReadDayEvents() {}

  /**
   * As fast as they are asked for; within a transaction.
   *
   * @param attributes whether they are needed
   */
  static Flux<StoredEvent> run(
      Connection connection, int tenantId, Instant from, Instant to, boolean attributes) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .fetchSize(AT_ONCE)
                .bind("$1", tenantId)
                .bind("$2", from)
                .bind("$3", to)
                .bind("$4", attributes)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> StoredEvent.read(row)), 1);
  }
}
