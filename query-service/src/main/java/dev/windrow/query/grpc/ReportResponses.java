package dev.windrow.query.grpc;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Metric;
import dev.windrow.query.report.ReportAnswer;
import dev.windrow.query.report.ReportRun;
import dev.windrow.query.report.ServedReport;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.ReportColumn;
import dev.windrow.query.v1.ReportColumnKind;
import dev.windrow.query.v1.ReportRow;
import dev.windrow.query.v1.ReportWarning;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.worth.Warning;
import dev.windrow.runtime.config.Instance;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the answer of a report as its response. */
final class ReportResponses {
  private ReportResponses() {}

  static RunReportResponse of(ServedReport served, Instance instance) {
    ReportAnswer answer = served.answer();
    ReportRun run = answer.run();
    var response =
        RunReportResponse.newBuilder()
            .setReport(run.report().name())
            .setVersion(run.report().version())
            .setSchemaVersion(run.report().schemaVersion())
            .setBreakdown(run.breakdown().name())
            .setTotalRowCount(answer.totalRowCount())
            .setInfo(info(answer, instance))
            .setCached(served.cached())
            .setReadTime(Times.timestamp(answer.readMicros()));
    addColumns(response, answer);
    long rank = run.offset();
    for (AnswerRow row : answer.rows()) {
      response.addRows(ReportRow.newBuilder().setRank(++rank).setRow(row(answer, row)));
    }
    for (Warning warning : answer.warnings()) {
      response.addWarnings(
          ReportWarning.newBuilder().setCode(warning.code()).setMessage(warning.message()));
    }
    answer.reading().ifPresent(reading -> response.setPlan(Plans.of(reading)));
    return response.build();
  }

  private static AnswerInfo info(ReportAnswer answer, Instance instance) {
    AnswerInfo info =
        AnswerInfos.of(
            instance,
            answer.facts(),
            answer.window(),
            answer.deltaRows(),
            answer.exactness(),
            Optional.of(answer.completeness()));
    // All that is warned of is a window that had to be reduced.
    AnswerInfo told =
        answer.warnings().isEmpty()
            ? info
            : AnswerInfos.snapped(
                info,
                answer.warnings().stream().map(Warning::message).collect(Collectors.joining("; ")));
    return answer.compacted() ? AnswerInfos.compacted(told) : told;
  }

  private static void addColumns(RunReportResponse.Builder response, ReportAnswer answer) {
    if (answer.run().interval() != IntervalUnit.NONE) {
      response.addColumns(
          column("interval_start", ReportColumnKind.REPORT_COLUMN_KIND_INTERVAL, 0));
    }
    answer
        .run()
        .breakdown()
        .groupBy()
        .forEach(
            dimension ->
                response.addColumns(
                    column(dimension.name(), ReportColumnKind.REPORT_COLUMN_KIND_DIMENSION, 0)));
    for (MetricExactness value : answer.exactness()) {
      int version = metric(answer, value.name()).map(Metric::version).orElse(0);
      response.addColumns(
          column(value.name(), ReportColumnKind.REPORT_COLUMN_KIND_METRIC, version));
    }
  }

  private static ReportColumn.Builder column(String name, ReportColumnKind kind, int version) {
    return ReportColumn.newBuilder().setName(name).setKind(kind).setVersion(version);
  }

  private static SummaryRow row(ReportAnswer answer, AnswerRow answered) {
    var row = SummaryRow.newBuilder().setWindow(Times.window(answered.window()));
    for (int i = 0; i < answered.group().size(); i++) {
      row.putGroup(answer.run().breakdown().groupBy().get(i).name(), answered.group().get(i));
    }
    for (int i = 0; i < answered.values().size(); i++) {
      String name = answer.exactness().get(i).name();
      Optional<Metric> metric = metric(answer, name);
      row.addValues(
          MetricValues.of(
              name,
              metric.map(Metric::version).orElse(0),
              metric.map(Metric::bounds).orElse(List.of()),
              answered.values().get(i)));
    }
    return row.build();
  }

  /** Daily health has columns beside that of its metric. */
  private static Optional<Metric> metric(ReportAnswer answer, String name) {
    return answer.run().report().metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst();
  }
}
