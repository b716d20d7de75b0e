package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Creates a job, unless there is one of that request already, or one that rewrites the same, or too
 * many wait. To be run behind {@link LockQueue}.
 */
final class InsertJob {
  private static final String SQL =
      """
      INSERT INTO jobs (tenant_id, client, kind, spec, request_id, rewrites)
      SELECT t.tenant_id, $2, $3, $4::jsonb, $5, CASE WHEN $7::timestamptz IS NOT NULL THEN tstzrange($7, $8) END
      FROM tenants t
      WHERE t.name = $1
        AND $6 > (
          SELECT count(*) FROM jobs j WHERE j.tenant_id = t.tenant_id AND j.ended_at IS NULL AND j.state = 'PENDING')
        AND NOT EXISTS (
          SELECT FROM jobs o WHERE o.tenant_id = t.tenant_id AND o.ended_at IS NULL AND o.rewrites && tstzrange($7, $8)
            AND $7::timestamptz IS NOT NULL)
      ON CONFLICT (tenant_id, client, request_id) DO NOTHING
      RETURNING\s"""
          + JobRows.TOLD;

  private InsertJob() {}

  /** Empty if it was not created. */
  static Mono<Job> run(ReadSession session, String tenant, NewJob wanted, int maxPending) {
    Optional<NewJob.Stretch> rewrites = wanted.rewrites();
    return session.one(
        SQL,
        statement -> {
          statement
              .bind("$1", tenant)
              .bind("$2", wanted.client())
              .bind("$3", wanted.kind())
              .bind("$4", wanted.spec())
              .bind("$6", maxPending);
          bind(statement, "$7", rewrites.map(NewJob.Stretch::from).orElse(null));
          bind(statement, "$8", rewrites.map(NewJob.Stretch::to).orElse(null));
          return wanted.requestId().isPresent()
              ? statement.bind("$5", wanted.requestId().get())
              : statement.bindNull("$5", String.class);
        },
        JobRows::job);
  }

  private static void bind(Statement statement, String name, @Nullable Instant time) {
    if (time == null) {
      statement.bind(name, Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE));
    } else {
      statement.bind(name, time);
    }
  }
}
