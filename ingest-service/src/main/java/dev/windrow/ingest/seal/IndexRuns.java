package dev.windrow.ingest.seal;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Builds the index by entity of a day's runs, and leaves them to autovacuum. Neither readers nor
 * writers wait for it: late events are added to it like to any other index.
 */
final class IndexRuns {
  // Names cannot be parameters. These are made of the digits of a date.
  private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS events_%1$s_runs_entity";
  private static final String BUILD =
      """
      CREATE INDEX CONCURRENTLY IF NOT EXISTS events_%1$s_runs_entity
      ON events_%1$s_runs (tenant_id, entity_id, occurred_at)
      """;

  // From now on autovacuum may freeze them, at its own pace; should it hold the lock that BUILD
  // needs, it gives way and comes again.
  private static final String LEAVE_TO_AUTOVACUUM =
      "ALTER TABLE events_%1$s_runs RESET (autovacuum_vacuum_insert_threshold)";

  // One processor is enough: nobody waits for this. It waits for others: in the end for every
  // snapshot that is older than the index, such as that of a day which is being verified.
  private static final String ALONE = "SET max_parallel_maintenance_workers = 0";
  private static final String PATIENT = "SET lock_timeout = '10min'";

  private IndexRuns() {}

  /** On a connection of its own, outside of transactions. */
  static Mono<Void> run(Connection connection, UnsealedDay day) {
    List<String> texts =
        day.broken()
            ? List.of(DROP, LEAVE_TO_AUTOVACUUM, BUILD)
            : List.of(LEAVE_TO_AUTOVACUUM, BUILD);
    return Flux.fromIterable(texts)
        .map(text -> named(text, day.date()))
        .startWith(ALONE, PATIENT)
        .concatMap(sql -> connection.createStatement(sql).execute())
        .concatMap(result -> result.getRowsUpdated())
        .then();
  }

  private static String named(String text, LocalDate date) {
    return text.formatted(DateTimeFormatter.BASIC_ISO_DATE.format(date));
  }
}
