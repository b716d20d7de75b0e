package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/** Finds a job that is remembered; empty if there is none. */
final class FindJob {
  private static final String BY_ID =
      "SELECT "
          + JobRows.TOLD
          + """
          FROM jobs WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND job_id = $2
            AND (expires_at IS NULL OR expires_at > now())
          """;

  // Whether the spec is the same: as JSON, whatever its text.
  private static final String BY_REQUEST =
      "SELECT "
          + JobRows.TOLD
          + """
          , kind = $4 AND spec = $5::jsonb
          FROM jobs WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND client = $2 AND request_id = $3
          """;

  private static final int IS_SAME = 20;

  /** A job that was found, and whether it is what the request wants. */
  record Found(Job job, boolean same) {}

  private FindJob() {}

  static Mono<Job> byId(ReadSession session, String tenant, String id) {
    return session.one(
        BY_ID, statement -> statement.bind("$1", tenant).bind("$2", id), JobRows::job);
  }

  static Mono<Found> byRequest(
      ReadSession session, String tenant, NewJob wanted, String requestId) {
    return session.one(
        BY_REQUEST,
        statement ->
            statement
                .bind("$1", tenant)
                .bind("$2", wanted.client())
                .bind("$3", requestId)
                .bind("$4", wanted.kind())
                .bind("$5", wanted.spec()),
        row -> new Found(JobRows.job(row), Boolean.TRUE.equals(row.get(IS_SAME, Boolean.class))));
  }
}
