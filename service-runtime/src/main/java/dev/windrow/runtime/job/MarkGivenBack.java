package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/**
 * Gives a job back, by a lease that was over long ago, and counts that: so it is told from those
 * whose workers have died, however often it was begun. May be repeated.
 */
final class MarkGivenBack {
  private static final String SQL =
      """
      UPDATE jobs SET lease_until = 'epoch', given_back = given_back + 1, progress_done = 0, progress_total = 0
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND attempt = $3 AND state = 'RUNNING'
        AND lease_until > 'epoch'
      RETURNING job_id
      """;

  private MarkGivenBack() {}

  /** Empty if the attempt does not have the job any more. */
  static Mono<Boolean> run(ReadSession session, String tenant, Job job) {
    return session.one(
        SQL,
        statement -> statement.bind("$1", tenant).bind("$2", job.id()).bind("$3", job.attempt()),
        row -> true);
  }
}
