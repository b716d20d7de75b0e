package dev.windrow.ingest.verification;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads which days of a tenant can be verified, and what is known of them. */
final class ReadKnownDays {
  // Days that have a partition of events, and those that had one when they were looked at: that it
  // is
  // gone before its horizon would be a drift. From the catalog alone, for it is asked for often;
  // how
  // many events a partition has is what the planner would guess, or one for each 200 bytes.
  private static final String SQL =
      """
      WITH parts AS (
        SELECT to_date(substring(day.relname FROM 8 FOR 8), 'YYYYMMDD') AS day,
          coalesce(pg_relation_size(part.oid), 0) AS bytes, part.relpages, part.reltuples
        FROM pg_inherits i
        JOIN pg_class day ON day.oid = i.inhrelid AND day.relname ~ '^events_[0-9]{8}$'
        CROSS JOIN LATERAL pg_partition_tree(day.oid) AS tree
        JOIN pg_class part ON part.oid = tree.relid AND tree.isleaf
        WHERE i.inhparent = 'events'::regclass
      ), days AS (
        SELECT day,
          sum(CASE WHEN relpages > 0 AND reltuples > 0
              THEN bytes / current_setting('block_size')::real * (reltuples / relpages) ELSE bytes / 200 END) AS events
        FROM parts GROUP BY day
      ), looks AS (
        SELECT day, began_at, ended_at, verified_at, differing_count, incomplete_count
        FROM day_verifications WHERE tenant_id = $1
      )
      SELECT day, coalesce(days.events, 0)::bigint, ended_at,
        (extract(epoch FROM ended_at - began_at) * 1000)::bigint, verified_at, differing_count, incomplete_count,
        clock_timestamp()
      FROM days FULL JOIN looks USING (day)
      WHERE NOT EXISTS (
        SELECT FROM retention_horizons
        WHERE tenant_id = $1 AND tier = 'raw' AND from_at > day::timestamp AT TIME ZONE 'UTC')
      """;

  private record Known(KnownDay day, Instant now) {}

  private ReadKnownDays() {}

  /** Without those whose events have been let go. */
  static Mono<KnownDays> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(result -> result.map((row, metadata) -> known(row)))
        .collectList()
        .map(
            all ->
                new KnownDays(
                    all.stream().map(Known::day).toList(),
                    all.isEmpty() ? Instant.EPOCH : all.get(all.size() - 1).now()));
  }

  private static Known known(Row row) {
    return new Known(
        new KnownDay(
            Objects.requireNonNull(row.get(0, LocalDate.class)),
            Objects.requireNonNull(row.get(1, Long.class)),
            look(row)),
        Objects.requireNonNull(row.get(7, Instant.class)));
  }

  private static KnownDay.@Nullable Look look(Row row) {
    Instant ended = row.get(2, Instant.class);
    return ended == null
        ? null
        : new KnownDay.Look(
            ended,
            Duration.ofMillis(Objects.requireNonNull(row.get(3, Long.class))),
            row.get(4, Instant.class),
            Objects.requireNonNull(row.get(5, Long.class)),
            Objects.requireNonNull(row.get(6, Long.class)));
  }
}
