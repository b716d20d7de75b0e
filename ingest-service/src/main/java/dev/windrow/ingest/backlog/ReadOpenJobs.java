package dev.windrow.ingest.backlog;

import dev.windrow.ingest.metrics.BacklogMetrics;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads how many of a tenant's jobs have not ended. */
final class ReadOpenJobs {
  private static final String SQL =
      """
      SELECT kind, lower(state), count(*) FROM jobs
      WHERE tenant_id = $1 AND ended_at IS NULL GROUP BY kind, state
      """;

  private record Count(BacklogMetrics.Jobs which, long jobs) {}

  private ReadOpenJobs() {}

  static Mono<Map<BacklogMetrics.Jobs, Long>> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(result -> result.map((row, metadata) -> count(row)))
        .collectMap(Count::which, Count::jobs);
  }

  private static Count count(Row row) {
    return new Count(
        new BacklogMetrics.Jobs(
            Objects.requireNonNull(row.get(0, String.class)),
            Objects.requireNonNull(row.get(1, String.class))),
        Objects.requireNonNull(row.get(2, Long.class)));
  }
}
