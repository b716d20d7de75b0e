package dev.windrow.query.grpc;

import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.report.Catalogue;
import dev.windrow.query.report.StoredReport;
import dev.windrow.query.v1.ListReportsResponse;
import dev.windrow.query.v1.Report;
import dev.windrow.query.v1.ReportKind;

/** Writes the reports that there are; one whose row makes no sense has its problem instead. */
public final class ReportListings {
  private ReportListings() {}

  static ListReportsResponse of(Catalogue catalogue) {
    var response = ListReportsResponse.newBuilder();
    catalogue.reports().forEach(stored -> response.addReports(report(stored, catalogue.metrics())));
    return response.build();
  }

  /** Writes one. */
  public static Report report(StoredReport stored, MetricCatalog metrics) {
    var report =
        Report.newBuilder()
            .setName(stored.name())
            .setVersion(stored.version())
            .setTitle(stored.title())
            .setDescription(stored.description())
            .setCreateTime(Times.timestamp(stored.createdMicros()));
    try {
      report.setKind(kind(ReportSpecs.of(stored, metrics).kind()));
      report.setSpec(ReportSpecs.parse(stored));
    } catch (IllegalArgumentException e) {
      report.setProblem(String.valueOf(e.getMessage()));
    }
    return report.build();
  }

  private static ReportKind kind(dev.windrow.query.report.ReportKind kind) {
    return switch (kind) {
      case SUMMARY -> ReportKind.REPORT_KIND_SUMMARY;
      case DAILY_HEALTH -> ReportKind.REPORT_KIND_DAILY_HEALTH;
    };
  }
}
