package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Objects;
import reactor.core.publisher.Flux;

/** Finds the UTC days that have events, buckets or deltas. */
final class FindDays {
  // Day by day, each of which costs a look at an index, or at the first events of a partition.
  private static final String SQL =
      """
      SELECT d.day
      FROM (
        SELECT at::date AS day, at AT TIME ZONE 'UTC' AS from_at, (at + interval '1 day') AT TIME ZONE 'UTC' AS to_at
        FROM generate_series($2::date::timestamp, $3::date - interval '1 day', '1 day') AS at
      ) AS d
      WHERE EXISTS (
          SELECT FROM events
          WHERE tenant_id = $1 AND occurred_at >= d.from_at AND occurred_at < d.to_at
          OFFSET 0)
        OR EXISTS (
          SELECT FROM rollups r CROSS JOIN LATERAL (
            SELECT FROM rollup_buckets
            WHERE tenant_id = r.tenant_id AND rollup_id = r.rollup_id AND grain = ANY ('{1,2,3}'::smallint[])
              AND start_at >= d.from_at AND start_at < d.to_at
            LIMIT 1
          ) AS b
          WHERE r.tenant_id = $1)
        OR d.day IN (
          SELECT (start_at AT TIME ZONE 'UTC')::date FROM rollup_deltas WHERE tenant_id = $1)
      ORDER BY d.day
      """;

  private FindDays() {}

  /** The oldest first; {@code to} is not among them. */
  static Flux<LocalDate> run(Connection connection, int tenantId, LocalDate from, LocalDate to) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", from)
                .bind("$3", to)
                .execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, LocalDate.class))));
  }
}
