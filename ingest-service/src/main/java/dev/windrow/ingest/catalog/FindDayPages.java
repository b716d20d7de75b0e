package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds how many pages the larger part of a day's events has. */
public final class FindDayPages {
  private static final String SQL =
      """
      SELECT coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::bigint
      FROM pg_partition_tree(to_regclass('events_' || to_char($1::date, 'YYYYMMDD')))
      WHERE isleaf
      """;

  private FindDayPages() {}

  /**
   * At least as many as there were when the snapshot of the transaction was taken, of which this
   * must not be the first statement. None if the day has no partition.
   */
  public static Mono<Long> run(Connection connection, LocalDate day) {
    return Flux.from(connection.createStatement(SQL).bind("$1", day).execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
