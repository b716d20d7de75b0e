package dev.windrow.query.catalog;

import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import java.time.OffsetDateTime;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Adds a version of a metric's definition. */
final class InsertMetricDefinition {
  private static final String SQL =
      """
      INSERT INTO metric_definitions (tenant_id, name, version, measure, percentile, statuses, bounds, description)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      RETURNING created_at
      """;

  private InsertMetricDefinition() {}

  /** When it was added, in microseconds. */
  static Mono<Long> run(
      ReadSession session,
      int tenantId,
      String name,
      int version,
      Metric metric,
      String description) {
    return session.one(
        SQL,
        statement -> {
          statement
              .bind("$1", tenantId)
              .bind("$2", name)
              .bind("$3", version)
              .bind("$4", metric.measure().name())
              .bind("$6", metric.statuses().toArray(new String[0]))
              .bind("$7", metric.bounds().toArray(new Double[0]))
              .bind("$8", description);
          return metric.measure() == Measure.PERCENTILE
              ? statement.bind("$5", metric.percent().doubleValue())
              : statement.bindNull("$5", Double.class);
        },
        row -> Micros.of(Objects.requireNonNull(row.get(0, OffsetDateTime.class))));
  }
}
