package dev.windrow.ingest.seal;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.LocalDate;
import java.util.Objects;
import reactor.core.publisher.Flux;

/**
 * Finds the runs of days that are over and have no index by entity, or are still left alone by
 * autovacuum, the newest day first.
 */
final class FindUnsealed {
  // An index that was given up halfway is not valid, and in the way. The number of rows ever
  // inserted tells whether a partition has rested since it was last looked at.
  private static final String SQL =
      """
      SELECT to_date(substring(runs.relname FROM 8 FOR 8), 'YYYYMMDD'),
        pg_stat_get_tuples_inserted(runs.oid),
        EXISTS (SELECT FROM pg_index broken WHERE broken.indrelid = runs.oid AND NOT indisvalid)
      FROM pg_inherits day
      JOIN pg_inherits half ON half.inhparent = day.inhrelid
      JOIN pg_class runs ON runs.oid = half.inhrelid
      WHERE day.inhparent = 'events'::regclass AND runs.relname ~ '^events_[0-9]{8}_runs$'
        AND to_date(substring(runs.relname FROM 8 FOR 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date
        AND ('autovacuum_vacuum_insert_threshold=-1' = ANY (runs.reloptions) OR NOT EXISTS (
          SELECT FROM pg_index i
          JOIN pg_class c ON c.oid = i.indexrelid
          JOIN pg_am a ON a.oid = c.relam
          WHERE i.indrelid = runs.oid AND i.indisvalid AND a.amname = 'btree'))
      ORDER BY 1 DESC
      """;

  private FindUnsealed() {}

  static Flux<UnsealedDay> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(result -> result.map((row, metadata) -> day(row)));
  }

  private static UnsealedDay day(Row row) {
    return new UnsealedDay(
        Objects.requireNonNull(row.get(0, LocalDate.class)),
        Objects.requireNonNull(row.get(1, Long.class)),
        Boolean.TRUE.equals(row.get(2, Boolean.class)));
  }
}
