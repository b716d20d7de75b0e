package dev.windrow.ingest.verification;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.time.LocalDate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Records that it was a day's turn, and that it was not verified; what was found before stays. */
final class RecordMiss {
  private static final String SQL =
      """
      INSERT INTO day_verifications AS v (tenant_id, day, outcome, began_at, ended_at)
      SELECT $1, $2, $3, now - $4 * interval '1 millisecond', now FROM clock_timestamp() AS now
      ON CONFLICT (tenant_id, day) DO UPDATE SET
        outcome = EXCLUDED.outcome, began_at = EXCLUDED.began_at, ended_at = EXCLUDED.ended_at
      """;

  private RecordMiss() {}

  static Mono<Void> run(
      Connection connection, int tenantId, LocalDate day, Miss miss, Duration took) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", day)
                .bind("$3", miss.name())
                .bind("$4", (double) took.toMillis())
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
