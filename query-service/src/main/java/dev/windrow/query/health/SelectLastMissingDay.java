package dev.windrow.query.health;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.time.OffsetDateTime;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/**
 * Finds the last UTC day whose events are no longer stored, although buckets tell that there were
 * some. Events go by whole days.
 */
final class SelectLastMissingDay {
  // One probe for each day: OFFSET keeps the planner from joining whole tables instead. A day of a
  // session's time zone may have 23 hours, those of UTC have not.
  private static final String SQL =
      """
      SELECT max(day)
      FROM unnest(%2$s) AS asked (day)
      WHERE EXISTS (
          SELECT FROM rollups rollup
          CROSS JOIN LATERAL (
            SELECT FROM rollup_buckets bucket
            WHERE bucket.tenant_id = %1$s AND bucket.rollup_id = rollup.rollup_id AND grain = 3
              AND start_at = day
            LIMIT 1) AS bucket
          WHERE rollup.tenant_id = %1$s
          OFFSET 0)
        AND NOT EXISTS (
          SELECT FROM events
          WHERE tenant_id = %1$s AND occurred_at >= day
            AND occurred_at < day + interval '24 hours'
          OFFSET 0)
      """;

  private SelectLastMissingDay() {}

  /** When the day after it begins, in microseconds; the window's beginning if none is missing. */
  static Mono<Long> end(ReadSession session, int tenantId, TimeRange window) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(parameters.add(tenantId), parameters.addInstants(days(window)));
          return session
              .one(
                  sql,
                  parameters::bindTo,
                  row -> {
                    OffsetDateTime last = row.get(0, OffsetDateTime.class);
                    return last == null
                        ? window.fromMicros()
                        : Micros.of(last) + Grain.DAY.micros();
                  })
              .defaultIfEmpty(window.fromMicros());
        });
  }

  private static long[] days(TimeRange window) {
    long day = Grain.DAY.micros();
    return LongStream.iterate(
            Grain.DAY.floor(window.fromMicros()), at -> at < window.toMicros(), at -> at + day)
        .toArray();
  }
}
