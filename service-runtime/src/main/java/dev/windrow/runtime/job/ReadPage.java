package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads a page of a published result; empty if there is none. */
final class ReadPage {
  private static final String SQL =
      """
      SELECT p.body
      FROM jobs j JOIN job_pages p USING (tenant_id, job_id, attempt)
      WHERE j.tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND j.job_id = $2 AND j.state = 'SUCCEEDED'
        AND j.expires_at > now() AND p.page = $3
      """;

  private ReadPage() {}

  static Mono<byte[]> run(ReadSession session, String tenant, String id, int page) {
    return session.one(
        SQL,
        statement -> statement.bind("$1", tenant).bind("$2", id).bind("$3", page),
        row -> Objects.requireNonNull(row.get(0, byte[].class)));
  }
}
