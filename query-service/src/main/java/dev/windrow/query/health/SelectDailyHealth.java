package dev.windrow.query.health;

import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.ExactSum;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads the days of the checks of a window. What PostgreSQL computes is exact, but for a sum of
 * doubles, which it would round: so the values come as they are.
 */
final class SelectDailyHealth {
  // An incident begins on a day with a failed check that has no failed one before it on that day.
  // Two
  // runs that touch the same day are parted by a passed check of that day, so the day alone tells.
  // Checks of the same microsecond are in the order in which they were stored. A row more than each
  // limit tells that it is exceeded.
  private static final String SQL =
      """
      SELECT day, entity, count(*), count(*) FILTER (WHERE passed),
        count(*) FILTER (WHERE NOT passed AND before IS DISTINCT FROM false),
        array_agg(value) FILTER (WHERE passed AND value IS NOT NULL),
        percentile_disc(0.95) WITHIN GROUP (ORDER BY value) FILTER (WHERE passed)
      FROM (
        SELECT day, entity, passed, value,
          lag(passed) OVER (
            PARTITION BY entity, day ORDER BY occurred_at, batch_id, batch_index) AS before
        FROM (
          SELECT date_trunc('day', occurred_at, 'UTC') AS day, entity_id COLLATE "C" AS entity,
            status = ANY (%1$s) AS passed, value, occurred_at, batch_id, batch_index
          FROM events
          WHERE tenant_id = %2$s AND occurred_at >= %3$s AND occurred_at < %4$s AND %5$s
          LIMIT %6$s
        ) AS stored
      ) AS checked
      GROUP BY day, entity
      LIMIT %7$s
      """;

  private SelectDailyHealth() {}

  /** Hands each day of each entity on, in no particular order. */
  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      HealthQuestion question,
      ReadLimits limits,
      Consumer<DayOfChecks> consumer) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(
                  parameters.addTexts(question.uptime().statuses()),
                  parameters.add(tenantId),
                  parameters.addInstant(question.window().fromMicros()),
                  parameters.addInstant(question.window().toMicros()),
                  FilterConditions.of(
                      question.filter(), DimensionColumns.ofEvents(parameters), parameters),
                  parameters.add(limits.maxRawRows() + 1),
                  parameters.add(limits.maxGroups() + 1L));
          return session.forEach(sql, parameters::bindTo, row -> consumer.accept(day(row)));
        });
  }

  private static DayOfChecks day(Row row) {
    Double[] latencies = row.get(5, Double[].class);
    Double p95 = row.get(6, Double.class);
    ExactSum sum = new ExactSum();
    if (latencies != null) {
      for (Double latency : latencies) {
        sum.add(latency);
      }
    }
    return new DayOfChecks(
        Micros.of(required(row, 0, OffsetDateTime.class)),
        required(row, 1, String.class),
        required(row, 2, Long.class),
        required(row, 3, Long.class),
        required(row, 4, Long.class),
        sum.toBigDecimal(),
        latencies == null ? 0 : latencies.length,
        optional(p95));
  }

  // -0.0 and 0.0 are one value.
  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value + 0.0);
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type), "column " + index + ": must not be null");
  }
}
