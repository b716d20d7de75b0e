package dev.windrow.ingest.seal;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Builds the index by entity of a day's runs. Neither readers nor writers wait for it: late events
 * are added to it like to any other index.
 */
final class IndexRuns {
  // Names cannot be parameters. These are made of the digits of a date.
  private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS events_%1$s_runs_entity";
  private static final String BUILD =
      """
      CREATE INDEX CONCURRENTLY IF NOT EXISTS events_%1$s_runs_entity
      ON events_%1$s_runs (tenant_id, entity_id, occurred_at)
      """;

  // One processor is enough: nobody waits for this.
  private static final String ALONE = "SET max_parallel_maintenance_workers = 0";

  private IndexRuns() {}

  /** On a connection of its own, outside of transactions. */
  static Mono<Void> run(Connection connection, UnsealedDay day) {
    List<String> texts =
        day.broken()
            ? List.of(ALONE, named(DROP, day.date()), named(BUILD, day.date()))
            : List.of(ALONE, named(BUILD, day.date()));
    return Flux.fromIterable(texts)
        .concatMap(sql -> connection.createStatement(sql).execute())
        .concatMap(result -> result.getRowsUpdated())
        .then();
  }

  private static String named(String text, LocalDate date) {
    return text.formatted(DateTimeFormatter.BASIC_ISO_DATE.format(date));
  }
}
