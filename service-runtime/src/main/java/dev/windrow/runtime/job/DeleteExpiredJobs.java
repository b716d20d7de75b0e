package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/** Forgets jobs whose time is over, with their results, some at once. */
final class DeleteExpiredJobs {
  private static final String SQL =
      """
      DELETE FROM jobs WHERE (tenant_id, job_id) IN (
        SELECT tenant_id, job_id FROM jobs
        WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND expires_at < now()
        ORDER BY expires_at
        LIMIT 100
        FOR UPDATE SKIP LOCKED
      )
      """;

  private DeleteExpiredJobs() {}

  static Mono<Void> run(ReadSession session, String tenant) {
    return session.forEach(SQL, statement -> statement.bind("$1", tenant), row -> {});
  }
}
