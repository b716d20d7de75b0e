package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/** Creates a job, unless there is one of that request already, or too many wait. */
final class InsertJob {
  // An id that conflicts is that of a request which was committed first, or of one under way, whose
  // end is waited for.
  private static final String SQL =
      """
      INSERT INTO jobs (tenant_id, client, kind, spec, request_id)
      SELECT t.tenant_id, $2, $3, $4::jsonb, $5
      FROM tenants t
      WHERE t.name = $1 AND $6 > (
        SELECT count(*) FROM jobs j WHERE j.tenant_id = t.tenant_id AND j.ended_at IS NULL AND j.state = 'PENDING')
      ON CONFLICT (tenant_id, client, request_id) DO NOTHING
      RETURNING\s"""
          + JobRows.COLUMNS;

  private InsertJob() {}

  /** Empty if it was not created. */
  static Mono<Job> run(ReadSession session, String tenant, NewJob wanted, int maxPending) {
    return session.one(
        SQL,
        statement -> {
          statement
              .bind("$1", tenant)
              .bind("$2", wanted.client())
              .bind("$3", wanted.kind())
              .bind("$4", wanted.spec())
              .bind("$6", maxPending);
          return wanted.requestId().isPresent()
              ? statement.bind("$5", wanted.requestId().get())
              : statement.bindNull("$5", String.class);
        },
        JobRows::job);
  }
}
