package dev.windrow.query.read;

import dev.windrow.query.plan.DeltaStatistics;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Counts the delta rows of each rollup and day. What PostgreSQL knows of a table whose rows live
 * for a second says nothing, and one scan of it is a part of every question anyway.
 */
final class SelectDeltaStatistics {
  private static final String SQL =
      """
      SELECT rollup_id, date_trunc('day', start_at, 'UTC'), count(*)
      FROM rollup_deltas
      WHERE tenant_id = %s
      GROUP BY 1, 2
      """;

  private SelectDeltaStatistics() {}

  static Mono<Map<Integer, DeltaStatistics>> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          Map<Integer, Map<Long, Long>> rows = new HashMap<>();
          return session
              .forEach(sql, parameters::bindTo, row -> add(rows, row))
              .then(Mono.fromSupplier(() -> statistics(rows)));
        });
  }

  private static void add(Map<Integer, Map<Long, Long>> rows, Row row) {
    long day = Micros.of(Objects.requireNonNull(row.get(1, OffsetDateTime.class)));
    rows.computeIfAbsent(Columns.integer(row, 0), rollup -> new HashMap<>())
        .put(day, Columns.bigint(row, 2));
  }

  private static Map<Integer, DeltaStatistics> statistics(Map<Integer, Map<Long, Long>> rows) {
    Map<Integer, DeltaStatistics> deltas = new HashMap<>();
    rows.forEach((rollup, byDay) -> deltas.put(rollup, new DeltaStatistics(byDay)));
    return deltas;
  }
}
