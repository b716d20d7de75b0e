package dev.windrow.query.report;

import dev.windrow.query.question.MetricCatalog;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reports of a tenant, the metrics that they may name, and how they are served, as of one
 * snapshot.
 *
 * @param reports by name and version
 */
public record Catalogue(List<StoredReport> reports, MetricCatalog metrics, FeatureFlags flags) {
  // Trailers of a call must stay small.
  private static final int MOST_TOLD = 50;

  public Catalogue {
    reports = List.copyOf(reports);
  }

  /**
   * A report.
   *
   * @param version 0 for the newest
   * @throws WindrowException NOT_FOUND, with what there is
   */
  public StoredReport find(String name, int version) {
    List<StoredReport> versions =
        reports.stream().filter(report -> report.name().equals(name)).toList();
    if (versions.isEmpty()) {
      throw unknown(
          "report: must be one that ListReports lists, got '" + name + "'",
          name,
          reports.stream().map(StoredReport::name).distinct());
    }
    return versions.stream()
        .filter(report -> version == 0 || report.version() == version)
        .max(Comparator.comparingInt(StoredReport::version))
        .orElseThrow(
            () ->
                unknown(
                    "version: must be one that ListReports lists, got " + version + " of " + name,
                    name,
                    versions.stream().map(report -> Integer.toString(report.version()))));
  }

  private static WindrowException unknown(String message, String name, Stream<String> allowed) {
    Map<String, String> metadata =
        Map.of(
            "report", name, "allowed", allowed.limit(MOST_TOLD).collect(Collectors.joining(",")));
    return Failure.of(Status.Code.NOT_FOUND, "UNKNOWN_REPORT", message, metadata).toException();
  }
}
