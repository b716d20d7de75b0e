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
 * lie around them, and at most {@value #MOST}, joined across their narrowest gaps.
 */
public final class SelectDisturbance {
  static final int MOST = 200;

  private static final String SQL =
      """
      WITH stretch AS (
        SELECT lower(range) AS lo, upper(range) AS hi
        FROM (
          SELECT unnest(range_agg(tstzrange(
            date_trunc('minute', oldest_occurred_at, 'UTC'),
            date_trunc('minute', newest_occurred_at, 'UTC') + interval '1 minute'))) AS range
          FROM ingest_batches batch
          WHERE tenant_id = %1$s AND %2$s
            AND newest_occurred_at >= %3$s AND oldest_occurred_at < %4$s
        ) AS touched
      ), gap AS (
        SELECT lo, hi, lo - lag(hi) OVER (ORDER BY lo) AS gap FROM stretch
      ), cut AS (
        SELECT lo, hi, row_number() OVER (ORDER BY gap DESC NULLS FIRST, lo) <= %5$s AS begins
        FROM gap
      ), part AS (
        SELECT lo, hi, count(*) FILTER (WHERE begins) OVER (ORDER BY lo) AS part FROM cut
      )
      SELECT greatest(min(lo), %3$s) AS lo, least(max(hi), %4$s) FROM part GROUP BY part ORDER BY lo
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
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(
                  parameters.add(tenantId),
                  LaterBatches.later(parameters.add(snapshot)),
                  parameters.addInstant(window.fromMicros()),
                  parameters.addInstant(window.toMicros()),
                  parameters.add(MOST));
          List<TimeRange> stretches = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> stretches.add(stretch(row)))
              .then(Mono.fromSupplier(() -> new Disturbance(snapshot, stretches)));
        });
  }

  private static TimeRange stretch(Row row) {
    return new TimeRange(micros(row, 0), micros(row, 1));
  }

  private static long micros(Row row, int index) {
    return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
  }
}
