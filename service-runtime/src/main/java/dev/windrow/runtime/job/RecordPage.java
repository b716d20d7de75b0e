package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/** Adds a page to the result of an attempt that still has its job. */
final class RecordPage {
  private static final String SQL =
      """
      INSERT INTO job_pages (tenant_id, job_id, attempt, page, body)
      SELECT tenant_id, job_id, attempt, $4, $5
      FROM jobs
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND attempt = $3 AND state = 'RUNNING'
      FOR SHARE
      RETURNING page
      """;

  private RecordPage() {}

  /** Empty if the attempt does not have the job any more. */
  static Mono<Integer> run(ReadSession session, String tenant, Job job, int page, byte[] body) {
    return session.one(
        SQL,
        statement ->
            statement
                .bind("$1", tenant)
                .bind("$2", job.id())
                .bind("$3", job.attempt())
                .bind("$4", page)
                .bind("$5", body),
        row -> page);
  }
}
