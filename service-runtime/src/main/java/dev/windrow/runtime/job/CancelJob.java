package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Cancels a job that waits, and asks for the end of one that runs. */
final class CancelJob {
  private static final String SQL =
      """
      UPDATE jobs SET cancel_requested = true,
        state = CASE state WHEN 'PENDING' THEN 'CANCELLED' ELSE state END,
        ended_at = CASE state WHEN 'PENDING' THEN now() END,
        expires_at = CASE state WHEN 'PENDING' THEN now() + $3 * interval '1 millisecond' END
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND ended_at IS NULL
      RETURNING\s"""
          + JobRows.TOLD;

  private CancelJob() {}

  /** Empty if there is no such job, or not any more. */
  static Mono<Job> run(ReadSession session, String tenant, String id, Duration keep) {
    return session.one(
        SQL,
        statement -> statement.bind("$1", tenant).bind("$2", id).bind("$3", keep.toMillis()),
        JobRows::job);
  }
}
