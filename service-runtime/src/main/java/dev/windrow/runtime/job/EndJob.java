package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Ends a job for an attempt that still has it, which publishes the result of that attempt. */
final class EndJob {
  private static final String SQL =
      """
      UPDATE jobs SET state = $4, lease_until = NULL, ended_at = now(), expires_at = now() + $5 * interval '1 millisecond',
        progress_done = $6, progress_total = $7, page_count = $8,
        failure = CASE $4 WHEN 'FAILED' THEN jsonb_build_object('code', $9, 'reason', $10, 'message', $11,
          'metadata', jsonb_object($12::text[], $13::text[])) END
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND attempt = $3 AND state = 'RUNNING'
      RETURNING job_id
      """;

  // What earlier attempts have left, and this one if it did not succeed.
  private static final String FORGET =
      """
      DELETE FROM job_pages
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND (attempt <> $3 OR NOT $4)
      """;

  private EndJob() {}

  /** Whether it was ended; else the attempt does not have the job any more. */
  static Mono<Boolean> run(ReadSession session, String tenant, Job job, JobEnd end, Duration keep) {
    JobFailure failure = end.failure();
    Map<String, String> metadata = failure == null ? Map.of() : failure.metadata();
    return session
        .one(
            SQL,
            statement ->
                statement
                    .bind("$1", tenant)
                    .bind("$2", job.id())
                    .bind("$3", job.attempt())
                    .bind("$4", end.state().name())
                    .bind("$5", keep.toMillis())
                    .bind("$6", end.done())
                    .bind("$7", end.total())
                    .bind("$8", end.state() == JobState.SUCCEEDED ? end.pages() : 0)
                    .bind("$9", failure == null ? "" : failure.code())
                    .bind("$10", failure == null ? "" : failure.reason())
                    .bind("$11", failure == null ? "" : failure.message())
                    .bind("$12", metadata.keySet().toArray(String[]::new))
                    .bind("$13", metadata.values().toArray(String[]::new)),
            row -> true)
        .flatMap(ended -> forget(session, tenant, job, end).thenReturn(ended))
        .defaultIfEmpty(false);
  }

  private static Mono<Void> forget(ReadSession session, String tenant, Job job, JobEnd end) {
    return session.forEach(
        FORGET,
        statement ->
            statement
                .bind("$1", tenant)
                .bind("$2", job.id())
                .bind("$3", job.attempt())
                .bind("$4", end.state() == JobState.SUCCEEDED),
        row -> {});
  }
}
