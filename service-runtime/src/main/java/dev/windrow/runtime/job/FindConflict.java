package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Finds the oldest job that has not ended and rewrites rows of the same time; empty if none does.
 */
final class FindConflict {
  private static final String SQL =
      """
      SELECT job_id FROM jobs
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND ended_at IS NULL AND rewrites && tstzrange($2, $3)
      ORDER BY created_at, job_id
      LIMIT 1
      """;

  private FindConflict() {}

  /** Its id. */
  static Mono<String> run(ReadSession session, String tenant, NewJob.Stretch rewrites) {
    return session.one(
        SQL,
        statement ->
            statement.bind("$1", tenant).bind("$2", rewrites.from()).bind("$3", rewrites.to()),
        row -> Objects.requireNonNull(row.get(0, String.class)));
  }
}
