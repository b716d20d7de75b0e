package dev.windrow.ingest.verification;

import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.RollupReport;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Records that a day was verified, and what was found. */
final class RecordVerified {
  private static final String SQL =
      """
      INSERT INTO day_verifications AS v (tenant_id, day, outcome, began_at, ended_at, verified_at,
        event_count, compared_count, differing_count, incomplete_count)
      SELECT $1, $2, 'VERIFIED', now - $3 * interval '1 millisecond', now, now, $4, $5, $6, $7
      FROM clock_timestamp() AS now
      ON CONFLICT (tenant_id, day) DO UPDATE SET
        outcome = EXCLUDED.outcome, began_at = EXCLUDED.began_at, ended_at = EXCLUDED.ended_at,
        verified_at = EXCLUDED.verified_at, event_count = EXCLUDED.event_count,
        compared_count = EXCLUDED.compared_count, differing_count = EXCLUDED.differing_count,
        incomplete_count = EXCLUDED.incomplete_count
      """;

  private RecordVerified() {}

  static Mono<Void> run(Connection connection, int tenantId, DayReport report, Duration took) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", report.day())
                .bind("$3", (double) took.toMillis())
                .bind("$4", events(report))
                .bind("$5", compared(report))
                .bind("$6", report.differing())
                .bind("$7", report.incomplete())
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  /** All of the day, folded or not: the same for each rollup. */
  private static long events(DayReport report) {
    return report.rollups().stream()
        .map(RollupReport::findings)
        .mapToLong(found -> found.events() + found.unfoldedEvents())
        .max()
        .orElse(0);
  }

  private static long compared(DayReport report) {
    return report.rollups().stream().mapToLong(rollup -> rollup.findings().comparedRows()).sum();
  }
}
