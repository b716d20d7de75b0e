package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves declared watermarks forward; whoever writes one has locked its producer's ledger. */
final class DeclareWatermarks {
  private static final String SQL =
      """
      INSERT INTO source_watermarks AS w (tenant_id, source, producer_id, complete_until, batch_id)
      SELECT $1, source, producer_id, complete_until, $2
      FROM unnest($3::text[], $4::text[], $5::timestamptz[])
        AS new (source, producer_id, complete_until)
      ON CONFLICT (tenant_id, source, producer_id) DO UPDATE
        SET complete_until = excluded.complete_until,
            batch_id = excluded.batch_id,
            declared_at = excluded.declared_at
        WHERE excluded.complete_until > w.complete_until
      """;

  private DeclareWatermarks() {}

  /**
   * @param watermarks in microseconds since the epoch
   */
  static Mono<Void> run(
      Connection connection, int tenantId, long batchId, Map<WatermarkKey, Long> watermarks) {
    if (watermarks.isEmpty()) {
      return Mono.empty();
    }
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", batchId)
                .bind(
                    "$3",
                    watermarks.keySet().stream().map(WatermarkKey::source).toArray(String[]::new))
                .bind(
                    "$4",
                    watermarks.keySet().stream()
                        .map(WatermarkKey::producerId)
                        .toArray(String[]::new))
                .bind(
                    "$5",
                    watermarks.values().stream()
                        .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
                        .toArray(Instant[]::new))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
