package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Takes the next job, one that waits or whose worker is gone, with a lease and a new attempt. */
final class ClaimJob {
  // The time is that of the statement: its transaction may have waited.
  private static final String SQL =
      """
      UPDATE jobs SET state = 'RUNNING', attempt = attempt + 1, worker = $3, progress_done = 0, progress_total = 0,
        lease_until = statement_timestamp() + $4 * interval '1 millisecond',
        started_at = coalesce(started_at, statement_timestamp())
      WHERE (tenant_id, job_id) = (
        SELECT j.tenant_id, j.job_id
        FROM jobs j
        CROSS JOIN LATERAL (
          SELECT count(*) AS n FROM jobs r
          WHERE r.tenant_id = j.tenant_id AND r.client = j.client AND r.ended_at IS NULL AND r.state = 'RUNNING'
            AND r.lease_until >= statement_timestamp()
        ) AS running
        WHERE j.tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND j.kind = ANY ($2) AND j.ended_at IS NULL
          AND (j.state = 'PENDING' OR j.lease_until < statement_timestamp()) AND running.n < $5
        ORDER BY running.n, j.created_at, j.job_id
        LIMIT 1
        FOR UPDATE OF j SKIP LOCKED
      )
      RETURNING\s"""
          + JobRows.COLUMNS;

  private ClaimJob() {}

  /**
   * Empty if there is none.
   *
   * @param kinds that the worker knows
   */
  static Mono<Job> run(
      ReadSession session, String tenant, Set<String> kinds, String worker, JobSettings settings) {
    return session.one(
        SQL,
        statement ->
            statement
                .bind("$1", tenant)
                .bind("$2", kinds.toArray(String[]::new))
                .bind("$3", worker)
                .bind("$4", settings.lease().toMillis())
                .bind("$5", settings.perClient()),
        JobRows::job);
  }
}
