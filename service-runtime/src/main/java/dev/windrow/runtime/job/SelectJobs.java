package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Reads jobs that are remembered, newest first. */
final class SelectJobs {
  private static final String SQL =
      "SELECT "
          + JobRows.TOLD
          + """
          FROM jobs
          WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND state = ANY ($2)
            AND (expires_at IS NULL OR expires_at > now())
            AND (created_at, job_id) < ($3, $4)
          ORDER BY created_at DESC, job_id DESC
          LIMIT $5
          """;

  // Of PostgreSQL's time there is more, but no job.
  private static final JobPlace BEGINNING = new JobPlace(Instant.parse("9999-12-31T00:00:00Z"), "");

  private SelectJobs() {}

  /**
   * Some of them.
   *
   * @param after the last one that is known; empty to begin with the newest
   */
  static Mono<List<Job>> run(
      ReadSession session,
      String tenant,
      Set<JobState> states,
      Optional<JobPlace> after,
      int limit) {
    List<Job> jobs = new ArrayList<>();
    JobPlace place = after.orElse(BEGINNING);
    return session
        .forEach(
            SQL,
            statement ->
                statement
                    .bind("$1", tenant)
                    .bind("$2", states.stream().map(JobState::name).toArray(String[]::new))
                    .bind("$3", place.createdAt())
                    .bind("$4", place.id())
                    .bind("$5", limit),
            row -> jobs.add(JobRows.job(row)))
        .thenReturn(jobs);
  }
}
