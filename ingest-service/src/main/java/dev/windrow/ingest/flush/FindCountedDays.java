package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.Registry;
import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out of which days, of any time, events can be counted minute by minute. */
final class FindCountedDays {
  // Behind a horizon nothing may be written, or what lies there could never go. A table that is
  // detached is on its way out.
  private static final String SQL =
      """
      SELECT day
      FROM unnest($2::date[]) AS given (day)
      WHERE EXISTS (SELECT FROM pg_class
          WHERE oid = to_regclass('rollup_buckets_minute_' || to_char(day, 'YYYYMM')) AND relispartition)
        AND EXISTS (SELECT FROM pg_class
          WHERE oid = to_regclass('rollup_buckets_hour_' || to_char(day, 'YYYY')) AND relispartition)
        AND NOT EXISTS (SELECT FROM retention_horizons
          WHERE tenant_id = $1 AND tier <> 'raw' AND from_at > day::timestamp AT TIME ZONE 'UTC')
      """;

  private FindCountedDays() {}

  /**
   * Those of which there are buckets of all grains.
   *
   * @param days as {@link Registry#day} counts
   */
  static Mono<Set<Long>> run(Connection connection, int tenantId, Collection<Long> days) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", Registry.dates(days).toArray(LocalDate[]::new))
                .execute())
        .concatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Objects.requireNonNull(row.get(0, LocalDate.class)).toEpochDay()))
        .collect(Collectors.toSet());
  }
}
