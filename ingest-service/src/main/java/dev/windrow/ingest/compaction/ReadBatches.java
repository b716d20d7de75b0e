package dev.windrow.ingest.compaction;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.Collection;
import reactor.core.publisher.Flux;

/** Reads the events of batches. */
final class ReadBatches {
  // The range of numbers is what the BRIN index can use.
  private static final String SQL =
      """
      SELECT batch_id, batch_index, occurred_at, source, type, entity_id, status, value, amount,
        attributes::text
      FROM events
      WHERE tenant_id = $1 AND batch_id BETWEEN $2 AND $3 AND batch_id = ANY ($4)
        AND occurred_at BETWEEN $5 AND $6
      """;

  private ReadBatches() {}

  /**
   * @param oldest of the events of all of these batches
   * @param newest likewise
   */
  static Flux<StoredEvent> run(
      Connection connection,
      int tenantId,
      Collection<Long> batches,
      Instant oldest,
      Instant newest) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", batches.stream().mapToLong(Long::longValue).min().orElse(0))
                .bind("$3", batches.stream().mapToLong(Long::longValue).max().orElse(0))
                .bind("$4", batches.toArray(new Long[0]))
                .bind("$5", oldest)
                .bind("$6", newest)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> StoredEvent.read(row)));
  }
}
