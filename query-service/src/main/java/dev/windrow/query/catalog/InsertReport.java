package dev.windrow.query.catalog;

import dev.windrow.query.report.StoredReport;
import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import java.time.OffsetDateTime;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Adds a version of a report. */
final class InsertReport {
  private static final String SQL =
      """
      INSERT INTO reports (tenant_id, name, version, kind, title, description, spec)
      VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
      RETURNING created_at
      """;

  private InsertReport() {}

  /** The report, as it is stored. */
  static Mono<StoredReport> run(ReadSession session, int tenantId, StoredReport report) {
    return session.one(
        SQL,
        statement ->
            statement
                .bind("$1", tenantId)
                .bind("$2", report.name())
                .bind("$3", report.version())
                .bind("$4", report.kind())
                .bind("$5", report.title())
                .bind("$6", report.description())
                .bind("$7", report.spec()),
        row ->
            new StoredReport(
                report.name(),
                report.version(),
                report.kind(),
                report.title(),
                report.description(),
                report.spec(),
                Micros.of(Objects.requireNonNull(row.get(0, OffsetDateTime.class)))));
  }
}
