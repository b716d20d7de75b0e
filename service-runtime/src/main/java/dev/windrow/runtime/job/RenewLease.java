package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Keeps a job for an attempt that still has it, and tells how far it is. */
final class RenewLease {
  private static final String SQL =
      """
      UPDATE jobs SET lease_until = statement_timestamp() + $4 * interval '1 millisecond', progress_done = $5, progress_total = $6
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2 AND attempt = $3 AND state = 'RUNNING'
      RETURNING cancel_requested
      """;

  private RenewLease() {}

  /** Whether its end was asked for; empty if the attempt does not have the job any more. */
  static Mono<Boolean> run(
      ReadSession session, String tenant, Job job, Duration lease, long done, long total) {
    return session.one(
        SQL,
        statement ->
            statement
                .bind("$1", tenant)
                .bind("$2", job.id())
                .bind("$3", job.attempt())
                .bind("$4", lease.toMillis())
                .bind("$5", done)
                .bind("$6", total),
        row -> Boolean.TRUE.equals(row.get(0, Boolean.class)));
  }
}
