package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks up when events occurred of which their batches are known. */
final class FindEventTimes {
  // Batch by batch: its times tell the days, and an index the pages.
  private static final String SQL =
      """
      SELECT e.source, e.event_id, e.occurred_at
      FROM (
        SELECT batch_id, oldest_occurred_at AS oldest, newest_occurred_at AS newest FROM ingest_batches
        WHERE tenant_id = $1 AND batch_id = ANY ($2)
      ) AS b
      CROSS JOIN LATERAL (
        SELECT source, event_id, occurred_at FROM events
        WHERE tenant_id = $1 AND occurred_at >= b.oldest AND occurred_at <= b.newest
          AND batch_id = b.batch_id AND event_id = ANY ($3)
        OFFSET 0
      ) AS e
      """;

  private FindEventTimes() {}

  /** Of those that are there; and maybe of others of these batches that have one of these ids. */
  static Mono<Map<EventName, Instant>> run(
      Connection connection, int tenantId, Collection<FindEventIds.Found> found) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind(
                    "$2",
                    found.stream().map(FindEventIds.Found::batchId).distinct().toArray(Long[]::new))
                .bind(
                    "$3",
                    found.stream()
                        .map(event -> event.name().eventId())
                        .distinct()
                        .toArray(String[]::new))
                .execute())
        .concatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Map.entry(
                            new EventName(
                                Objects.requireNonNull(row.get(0, String.class)),
                                Objects.requireNonNull(row.get(1, String.class))),
                            Objects.requireNonNull(row.get(2, Instant.class)))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
