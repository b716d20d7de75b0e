package dev.windrow.query.read;

import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads the catalogue of metrics of a tenant. */
public final class SelectMetricDefinitions {
  private static final String SQL =
      """
      SELECT name, version, measure, percentile, statuses, bounds, description, created_at
      FROM metric_definitions
      WHERE tenant_id = %s
      ORDER BY name COLLATE "C", version
      """;

  private SelectMetricDefinitions() {}

  /** All definitions, by name and version. */
  public static Mono<List<MetricDefinition>> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          List<MetricDefinition> definitions = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> definitions.add(definition(row)))
              .then(Mono.just(definitions));
        });
  }

  private static MetricDefinition definition(Row row) {
    String name = Columns.text(row, 0);
    int version = Columns.integer(row, 1);
    OffsetDateTime created = Objects.requireNonNull(row.get(7, OffsetDateTime.class));
    return new MetricDefinition(
        name,
        version,
        metric(row).defined(name, version),
        Columns.text(row, 6),
        Micros.of(created));
  }

  private static Metric metric(Row row) {
    Measure measure = Measure.valueOf(Columns.text(row, 2));
    return switch (measure) {
      case PERCENTILE -> Metric.percentile(Objects.requireNonNull(Columns.nullableReal(row, 3)));
      case STATUS_SHARE -> Metric.statusShare(Arrays.asList(Columns.array(row, 4, String[].class)));
      case HISTOGRAM -> Metric.histogram(Arrays.asList(Columns.array(row, 5, Double[].class)));
      default -> Metric.of(measure);
    };
  }
}
