package dev.windrow.ingest.recompute;

import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.sql.AppendedChannel;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes a correction among the batches, without events and with the times of what it has put
 * right; and tells whoever listens for what has changed. Readers take it for a batch like any: of
 * those times they ask anew. It tells nothing of how fresh events are.
 */
public final class RecordCorrection {
  // No lane has written it.
  private static final int LANE = -1;

  private static final String SQL =
      """
      WITH correction AS (
        INSERT INTO ingest_batches (tenant_id, batch_id, instance_id, env, lane, request_count, event_count,
          duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at)
        VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, 0, 0, 0, 0, $7, $8)
        RETURNING tenant_id
      )
      SELECT pg_notify($6, t.name) FROM correction JOIN tenants t USING (tenant_id)
      """;

  private RecordCorrection() {}

  /**
   * Writes it.
   *
   * @param correction its number
   * @param instance which has made it; an empty one if nobody needs to know
   * @param day all of which is made anew
   */
  public static Mono<Void> run(
      Connection connection, int tenantId, long correction, Instance instance, LocalDate day) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", correction)
                .bind("$3", instance.instanceId())
                .bind("$4", instance.env())
                .bind("$5", LANE)
                .bind("$6", AppendedChannel.NAME)
                .bind("$7", day.atStartOfDay(ZoneOffset.UTC).toInstant())
                .bind("$8", lastOf(day))
                .execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then();
  }

  private static Instant lastOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minus(1, ChronoUnit.MICROS);
  }
}
