package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out which buckets days have, beside those of days. */
final class FindBucketGrains {
  private static final String SQL =
      """
      SELECT day, CASE
          WHEN to_regclass('rollup_buckets_minute_' || to_char(day, 'YYYYMM')) IS NOT NULL THEN 'MINUTE' ELSE 'HOUR' END
      FROM unnest($1::date[]) AS given (day)
      WHERE to_regclass('rollup_buckets_hour_' || to_char(day, 'YYYY')) IS NOT NULL
      """;

  private FindBucketGrains() {}

  /**
   * The finest, by day; without days that have none.
   *
   * @param days as {@link Registry#day} counts
   */
  static Mono<Map<Long, Grain>> run(Connection connection, Collection<Long> days) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", Registry.dates(days).toArray(LocalDate[]::new))
                .execute())
        .concatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Map.entry(
                            Objects.requireNonNull(row.get(0, LocalDate.class)).toEpochDay(),
                            Grain.valueOf(Objects.requireNonNull(row.get(1, String.class))))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
