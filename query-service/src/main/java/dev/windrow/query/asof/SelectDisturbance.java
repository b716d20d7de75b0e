package dev.windrow.query.asof;

import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.sql.LaterBatches;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Reads which stretches of a window later batches touch: in whole minutes, because no finer buckets
 * lie around them, and at most {@value #MOST}, joined across their narrowest gaps. A batch that
 * holds late events beside fresh ones lies astride much that it does not touch, so the minutes of a
 * wide one are those of its events.
 */
public final class SelectDisturbance {
  static final int MOST = 200;

  // The events of wide batches lie among those of others. Their batch is looked up by number, as in
  // LaterBatches; the 0 keeps it from being done the other way round, batch by batch.
  private static final String SQL =
      """
      WITH touched AS (
        SELECT date_trunc('minute', oldest_occurred_at, 'UTC') AS lo,
          date_trunc('minute', newest_occurred_at, 'UTC') AS hi
        FROM ingest_batches batch
        WHERE tenant_id = %1$s AND %2$s AND %3$s AND NOT (%4$s)
        UNION ALL
        SELECT DISTINCT date_trunc('minute', occurred_at, 'UTC'),
          date_trunc('minute', occurred_at, 'UTC')
        FROM events
        WHERE tenant_id = %1$s AND occurred_at >= %5$s AND occurred_at < %6$s
          AND batch_id >= %7$s AND batch_id <= %8$s
          AND EXISTS (
            SELECT FROM ingest_batches batch
            WHERE batch.tenant_id = %1$s AND batch.batch_id = events.batch_id + 0 AND %10$s)
      ), stretch AS (
        SELECT lower(range) AS lo, upper(range) AS hi
        FROM (
          SELECT unnest(range_agg(tstzrange(lo, hi + interval '1 minute'))) AS range FROM touched
        ) AS ranges
      ), gap AS (
        SELECT lo, hi, lo - lag(hi) OVER (ORDER BY lo) AS gap FROM stretch
      ), cut AS (
        SELECT lo, hi, row_number() OVER (ORDER BY gap DESC NULLS FIRST, lo) <= %9$s AS begins
        FROM gap
      ), part AS (
        SELECT lo, hi, count(*) FILTER (WHERE begins) OVER (ORDER BY lo) AS part FROM cut
      )
      SELECT min(lo) AS lo, max(hi) FROM part GROUP BY part ORDER BY lo
      """;

  private SelectDisturbance() {}

  /** None, if the question is not as of a position. */
  public static Mono<Disturbance> read(
      ReadSession session, int tenantId, TimeRange window, Optional<Position.OfSnapshot> position) {
    return position.isEmpty() || window.isEmpty()
        ? Mono.just(Disturbance.none())
        : read(session, tenantId, window, position.get().text());
  }

  private static Mono<Disturbance> read(
      ReadSession session, int tenantId, TimeRange window, String snapshot) {
    return SelectWideBatches.read(session, tenantId, window, snapshot)
        .flatMap(wide -> read(session, tenantId, window, snapshot, wide))
        .defaultIfEmpty(Disturbance.none());
  }

  private static Mono<Disturbance> read(
      ReadSession session, int tenantId, TimeRange window, String snapshot, WideBatches wide) {
    Parameters parameters = new Parameters();
    String tenant = parameters.add(tenantId);
    String earlier = parameters.add(snapshot);
    String sql =
        SQL.formatted(
            tenant,
            LaterBatches.later(earlier),
            SelectWideBatches.TOUCHES.formatted(
                parameters.addInstant(window.fromMicros()),
                parameters.addInstant(window.toMicros())),
            SelectWideBatches.WIDE,
            parameters.addInstant(wide.time().fromMicros()),
            parameters.addInstant(wide.time().toMicros()),
            parameters.add(wide.first()),
            parameters.add(wide.last()),
            parameters.add(MOST),
            LaterBatches.unseen(earlier));
    List<TimeRange> stretches = new ArrayList<>();
    return session
        .forEach(sql, parameters::bindTo, row -> stretches.add(stretch(row).intersect(window)))
        .then(
            Mono.fromSupplier(
                () ->
                    stretches.isEmpty()
                        ? Disturbance.none()
                        : new Disturbance(snapshot, stretches)));
  }

  private static TimeRange stretch(Row row) {
    return new TimeRange(micros(row, 0), micros(row, 1));
  }

  private static long micros(Row row, int index) {
    return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
  }
}
