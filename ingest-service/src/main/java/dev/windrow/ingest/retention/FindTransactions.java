package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds the transactions that are running in this database, by their virtual ids. Whoever holds a
 * snapshot is among them. Unlike {@code backend_xmin} everybody may see this.
 */
final class FindTransactions {
  // What no user runs (a vacuum of its own accord) answers no questions. Who is not known is
  // counted.
  private static final String SQL =
      """
      SELECT l.virtualxid
      FROM pg_locks l
      LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid <> pg_backend_pid()
        AND (a.pid IS NULL OR a.datname = current_database() AND a.usesysid IS NOT NULL)
      """;

  private FindTransactions() {}

  static Mono<Set<String>> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, String.class))))
        .collect(Collectors.toSet());
  }
}
