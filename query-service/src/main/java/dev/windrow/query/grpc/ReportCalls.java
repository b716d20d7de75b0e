package dev.windrow.query.grpc;

import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.report.Report;
import dev.windrow.query.report.ReportRun;
import dev.windrow.query.report.Reports;
import dev.windrow.query.report.StoredCatalogue;
import dev.windrow.query.report.StoredReport;
import dev.windrow.query.v1.ListReportsResponse;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.worth.Requirements;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The calls about reports. */
public final class ReportCalls {
  private final StoredCatalogue catalogue;
  private final Reports reports;
  private final Instance instance;

  public ReportCalls(StoredCatalogue catalogue, Reports reports, Instance instance) {
    this.catalogue = catalogue;
    this.reports = reports;
    this.instance = instance;
  }

  Mono<ListReportsResponse> list(Duration timeLimit) {
    return catalogue.read(timeLimit).map(ReportListings::of);
  }

  Mono<RunReportResponse> run(RunReportRequest request, Duration timeLimit) {
    return catalogue
        .read(timeLimit)
        .flatMap(
            found -> {
              Requirements required = RequirementFields.of(request.getRequire());
              StoredReport stored = found.find(request.getReport(), request.getVersion());
              Serving serving = found.flags().of(stored.name());
              // Who requires anything of an answer is told all that is known.
              ReportRun run =
                  ReportRuns.of(
                      request,
                      runnable(stored, found.metrics()),
                      required.equals(Requirements.NONE) ? serving : serving.withLiveDelta());
              return reports.run(run, required, timeLimit);
            })
        .map(served -> ReportResponses.of(served, instance));
  }

  private static Report runnable(StoredReport stored, MetricCatalog metrics) {
    try {
      return ReportSpecs.of(stored, metrics);
    } catch (IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage());
      throw Failure.of(
              Status.Code.FAILED_PRECONDITION,
              "BROKEN_REPORT",
              "report: its row must make sense, got " + problem,
              Map.of(
                  "report", stored.name(),
                  "version", Integer.toString(stored.version()),
                  "problem", problem))
          .toException(e);
    }
  }
}
