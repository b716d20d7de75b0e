package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves events of a day from those that count to those that were taken back. */
final class MoveToVoided {
  private static final String SQL =
      """
      WITH gone AS (
        DELETE FROM events AS e
        USING unnest($4::text[], $5::text[], $6::bigint[]) AS w (source, event_id, batch_id)
        WHERE e.tenant_id = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3 AND e.batch_id = ANY ($6)
          AND e.batch_id = w.batch_id AND e.event_id = w.event_id AND e.source = w.source
        RETURNING e.*
      ), moved AS (
        INSERT INTO voided_events (tenant_id, source, event_id, occurred_at, void_batch_id, job_id, reason, event)
        SELECT tenant_id, source, event_id, occurred_at, $7, $8, $9, to_json(gone) FROM gone
        RETURNING 1
      )
      SELECT count(*) FROM moved
      """;

  private MoveToVoided() {}

  /**
   * Moves those that are there.
   *
   * @param from the beginning of the day
   * @param to the beginning of the next one
   * @return how many there were
   */
  static Mono<Long> run(
      Connection connection,
      int tenantId,
      Instant from,
      Instant to,
      List<Target.Stored> events,
      long correction,
      Withdrawal withdrawal) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", from)
                .bind("$3", to)
                .bind("$4", events.stream().map(e -> e.name().source()).toArray(String[]::new))
                .bind("$5", events.stream().map(e -> e.name().eventId()).toArray(String[]::new))
                .bind("$6", events.stream().map(Target.Stored::batchId).toArray(Long[]::new))
                .bind("$7", correction)
                .bind("$8", withdrawal.jobId())
                .bind("$9", withdrawal.reason())
                .execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
