package dev.windrow.query.report;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads the reports of a tenant. */
final class SelectReports {
  private static final String SQL =
      """
      SELECT name, version, kind, title, description, spec::text, created_at
      FROM reports
      WHERE tenant_id = %s
      ORDER BY name COLLATE "C", version
      """;

  private SelectReports() {}

  /** All of them, by name and version. */
  static Mono<List<StoredReport>> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          List<StoredReport> reports = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> reports.add(report(row)))
              .then(Mono.just(reports));
        });
  }

  private static StoredReport report(Row row) {
    return new StoredReport(
        required(row, 0, String.class),
        required(row, 1, Integer.class),
        required(row, 2, String.class),
        required(row, 3, String.class),
        required(row, 4, String.class),
        required(row, 5, String.class),
        Micros.of(required(row, 6, OffsetDateTime.class)));
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type), "column " + index + ": must not be null");
  }
}
