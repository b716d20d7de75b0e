package dev.windrow.query.watch;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.query.worth.SnapshotText;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Asks whether a batch with events in some windows has become visible since a position. */
final class SelectChangedSince {
  private static final String SQL =
      """
      SELECT pg_current_snapshot()::text, now(), pg_is_in_recovery(),
        EXISTS (
          SELECT FROM ingest_batches b
          WHERE b.tenant_id = t.tenant_id
            AND b.xact_id >= pg_snapshot_xmin($2::text::pg_snapshot)
            AND (pg_is_in_recovery() OR NOT pg_visible_in_snapshot(b.xact_id, $2::text::pg_snapshot))
            AND EXISTS (
              SELECT FROM unnest(%s, %s) w (start_at, end_at)
              WHERE b.oldest_occurred_at < w.end_at AND b.newest_occurred_at >= w.start_at)),
        set_config('statement_timeout', $3::text, true)
      FROM tenants t
      WHERE t.name = $1
      """;

  private SelectChangedSince() {}

  /** Whether one has, or nobody can tell, because the position is not reached here. */
  static Mono<Boolean> read(
      ReadSession session,
      String tenant,
      String position,
      List<TimeRange> windows,
      Duration timeout) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(tenant);
          parameters.add(position);
          parameters.add(timeout.toMillis() + "ms");
          String sql =
              SQL.formatted(
                  parameters.addInstants(
                      windows.stream().mapToLong(TimeRange::fromMicros).toArray()),
                  parameters.addInstants(
                      windows.stream().mapToLong(TimeRange::toMicros).toArray()));
          SnapshotText since = SnapshotText.parse(position);
          return session
              .one(sql, parameters::bindTo, row -> changed(row) || !asOf(row).covers(since))
              .defaultIfEmpty(true);
        });
  }

  private static boolean changed(Row row) {
    return Boolean.TRUE.equals(row.get(3, Boolean.class));
  }

  private static AsOf asOf(Row row) {
    return AsOf.of(
        Objects.requireNonNull(row.get(0, String.class)),
        Micros.of(Objects.requireNonNull(row.get(1, OffsetDateTime.class))),
        Boolean.TRUE.equals(row.get(2, Boolean.class)));
  }
}
