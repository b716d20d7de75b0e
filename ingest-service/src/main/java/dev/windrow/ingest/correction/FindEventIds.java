package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks up which batches stored these events, and what has been taken back of them. */
final class FindEventIds {
  // OFFSET 0 keeps the planner from reading all ids there are instead of looking up each.
  private static final String SQL =
      """
      SELECT w.source, w.event_id, i.batch_id, v.occurred_at, v.job_id
      FROM unnest($2::text[], $3::text[]) AS w (source, event_id)
      CROSS JOIN LATERAL (
        SELECT batch_id FROM event_ids
        WHERE tenant_id = $1 AND source = w.source AND event_id = w.event_id
        OFFSET 0
      ) AS i
      LEFT JOIN LATERAL (
        SELECT occurred_at, job_id FROM voided_events
        WHERE tenant_id = $1 AND source = w.source AND event_id = w.event_id
        OFFSET 0
      ) AS v ON true
      """;

  private FindEventIds() {}

  /**
   * What is known of an event.
   *
   * @param batchId that stored it
   * @param voided if it was taken back, else null
   */
  record Found(EventName name, long batchId, Target.@Nullable Voided voided) {}

  /** Those that were stored once. */
  static Mono<List<Found>> run(Connection connection, int tenantId, List<EventName> names) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", names.stream().map(EventName::source).toArray(String[]::new))
                .bind("$3", names.stream().map(EventName::eventId).toArray(String[]::new))
                .execute())
        .concatMap(result -> result.map((row, metadata) -> found(row)))
        .collectList();
  }

  private static Found found(Row row) {
    EventName name =
        new EventName(
            Objects.requireNonNull(row.get(0, String.class)),
            Objects.requireNonNull(row.get(1, String.class)));
    Instant voidedOf = row.get(3, Instant.class);
    return new Found(
        name,
        Objects.requireNonNull(row.get(2, Long.class)),
        voidedOf == null
            ? null
            : new Target.Voided(name, voidedOf, Objects.requireNonNull(row.get(4, String.class))));
  }
}
