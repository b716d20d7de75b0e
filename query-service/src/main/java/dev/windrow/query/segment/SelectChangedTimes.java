package dev.windrow.query.segment;

import dev.windrow.query.sql.LaterBatches;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Reads of which times something has been written since a position: events, or a correction, which
 * is a batch without events. A batch counts as a whole, from its oldest event to its newest.
 */
final class SelectChangedTimes {
  private static final String SQL =
      """
      SELECT lower(range), upper(range)
      FROM (
        SELECT unnest(range_agg(tstzrange(oldest_occurred_at, newest_occurred_at, '[]'))) AS range
        FROM ingest_batches batch
        WHERE tenant_id = %s AND %s AND newest_occurred_at >= %s AND oldest_occurred_at < %s
      ) AS changed
      """;

  private SelectChangedTimes() {}

  /**
   * The times.
   *
   * @param window in which they count
   * @param since what has been seen before
   */
  static Mono<List<TimeRange>> read(
      ReadSession session, int tenantId, TimeRange window, Seen since) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(
                  parameters.add(tenantId),
                  LaterBatches.later(parameters.add(since.position())),
                  parameters.addInstant(window.fromMicros()),
                  parameters.addInstant(window.toMicros()));
          List<TimeRange> times = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> times.add(time(row)))
              .thenReturn(times);
        });
  }

  private static TimeRange time(Row row) {
    return new TimeRange(micros(row, 0), micros(row, 1) + 1);
  }

  private static long micros(Row row, int index) {
    return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
  }
}
