package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.LocalDate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Records what a run has found and written of a rollup's day. */
final class RecordRun {
  // A run whose COMMIT got no answer does its day again, and finds it whole: what it had to replace
  // stays on record.
  private static final String SQL =
      """
      INSERT INTO recompute_runs AS r (tenant_id, run_id, rollup_id, day, event_count, compared_count,
        differing_count, incomplete_count, replaced, bucket_count, delta_count, void_batch_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, 0))
      ON CONFLICT (tenant_id, run_id, rollup_id, day) DO UPDATE SET
        event_count = EXCLUDED.event_count, compared_count = EXCLUDED.compared_count,
        differing_count = greatest(r.differing_count, EXCLUDED.differing_count),
        incomplete_count = greatest(r.incomplete_count, EXCLUDED.incomplete_count),
        replaced = EXCLUDED.replaced, bucket_count = EXCLUDED.bucket_count,
        delta_count = EXCLUDED.delta_count, void_batch_id = EXCLUDED.void_batch_id, ended_at = EXCLUDED.ended_at
      WHERE EXCLUDED.replaced OR NOT r.replaced
      """;

  private RecordRun() {}

  static Mono<Void> run(
      Connection connection,
      int tenantId,
      long runId,
      LocalDate day,
      RollupReport report,
      DayChange.Correction correction) {
    Findings findings = report.findings();
    RollupReport.Replacement replacement = report.replacement();
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", runId)
                .bind("$3", report.rollupId())
                .bind("$4", day)
                .bind("$5", findings.events())
                .bind("$6", findings.comparedRows())
                .bind("$7", findings.differing())
                .bind("$8", findings.incomplete())
                .bind("$9", replacement.replaced())
                .bind("$10", replacement.buckets())
                .bind("$11", replacement.deltas())
                .bind("$12", correction.batchId())
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
