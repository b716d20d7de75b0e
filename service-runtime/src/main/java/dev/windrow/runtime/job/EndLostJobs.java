package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Ends jobs whose worker is gone and that nobody should begin again: cancelled ones, and those that
 * were begun so often that they are likely to be what the workers die of. To be given back does not
 * count: see {@link MarkGivenBack}.
 */
final class EndLostJobs {
  private static final String SQL =
      """
      UPDATE jobs SET lease_until = NULL, ended_at = now(), expires_at = now() + $2 * interval '1 millisecond',
        state = CASE WHEN cancel_requested THEN 'CANCELLED' ELSE 'FAILED' END,
        failure = CASE WHEN NOT cancel_requested THEN jsonb_build_object('code', 'ABORTED', 'reason', 'WORKERS_LOST',
          'message', 'job: ' || (attempt - given_back) || ' workers have begun it, and none has come to its end',
          'metadata', jsonb_build_object('attempts', (attempt - given_back)::text)) END
      WHERE (tenant_id, job_id) IN (
        SELECT tenant_id, job_id FROM jobs
        WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND ended_at IS NULL AND state = 'RUNNING'
          AND lease_until < now() AND (cancel_requested OR attempt - given_back >= $3 AND lease_until > 'epoch')
        FOR UPDATE SKIP LOCKED
      )
      """;

  private EndLostJobs() {}

  /**
   * Ends them.
   *
   * @param maxAttempts after which no other is made
   */
  static Mono<Void> run(ReadSession session, String tenant, Duration keep, int maxAttempts) {
    return session.forEach(
        SQL,
        statement ->
            statement.bind("$1", tenant).bind("$2", keep.toMillis()).bind("$3", maxAttempts),
        row -> {});
  }
}
