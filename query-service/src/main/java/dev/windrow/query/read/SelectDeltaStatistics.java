package dev.windrow.query.read;

import dev.windrow.query.plan.DeltaStatistics;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Counts the delta rows of each rollup. What PostgreSQL knows of a table whose rows live for a
 * second says nothing, and one scan of it is a part of every question anyway.
 */
final class SelectDeltaStatistics {
  private static final String SQL =
      """
      SELECT rollup_id, count(*), min(start_at), max(start_at)
      FROM rollup_deltas
      WHERE tenant_id = %s
      GROUP BY rollup_id
      """;

  private SelectDeltaStatistics() {}

  static Mono<Map<Integer, DeltaStatistics>> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          Map<Integer, DeltaStatistics> deltas = new HashMap<>();
          return session
              .forEach(
                  sql, parameters::bindTo, row -> deltas.put(Columns.integer(row, 0), delta(row)))
              .then(Mono.just(deltas));
        });
  }

  private static DeltaStatistics delta(Row row) {
    long oldest = Micros.of(Objects.requireNonNull(row.get(2, OffsetDateTime.class)));
    long newest = Micros.of(Objects.requireNonNull(row.get(3, OffsetDateTime.class)));
    return new DeltaStatistics(new TimeRange(oldest, newest + 1), Columns.bigint(row, 1));
  }
}
