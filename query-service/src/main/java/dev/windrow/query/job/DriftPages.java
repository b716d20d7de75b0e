package dev.windrow.query.job;

import dev.windrow.job.v1.DifferingRow;
import dev.windrow.job.v1.DriftPage;
import dev.windrow.job.v1.DriftReport;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.Verdict;
import dev.windrow.query.answer.Value;
import dev.windrow.query.drift.Drift;
import dev.windrow.query.drift.MetricDrift;
import dev.windrow.query.drift.RowDrift;
import dev.windrow.query.grpc.MetricValues;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.MetricValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Writes what a comparison has found. */
final class DriftPages {
  private final Question question;
  private final List<Metric> metrics;

  DriftPages(Question question) {
    this.question = question;
    this.metrics = question.metrics();
  }

  /**
   * The report, and then the rows.
   *
   * @param maxDifferingShare of the rows, for the two to agree
   * @param info what our answer is worth
   */
  List<ReadJobResultResponse> of(Drift drift, BigDecimal maxDifferingShare, AnswerInfo info) {
    List<ReadJobResultResponse> pages = new ArrayList<>();
    pages.add(page(DriftPage.newBuilder().setReport(report(drift, maxDifferingShare, info))));
    if (!drift.rows().isEmpty()) {
      List<DifferingRow> rows = drift.rows().stream().map(this::row).toList();
      ResultPages.of(rows)
          .forEach(some -> pages.add(page(DriftPage.newBuilder().addAllRows(some))));
    }
    return pages;
  }

  private static ReadJobResultResponse page(DriftPage.Builder page) {
    return ReadJobResultResponse.newBuilder().setDrift(page).build();
  }

  private DriftReport report(Drift drift, BigDecimal maxDifferingShare, AnswerInfo info) {
    var report =
        DriftReport.newBuilder()
            .setVerdict(
                drift.exceeds(maxDifferingShare)
                    ? Verdict.VERDICT_DRIFTED
                    : Verdict.VERDICT_WITHIN_THRESHOLD)
            .setComparedRowCount(drift.compared())
            .setEqualRowCount(drift.equal())
            .setDifferingRowCount(drift.differing())
            .setMissingHereRowCount(drift.missingHere())
            .setMissingThereRowCount(drift.missingThere())
            .setInfo(info);
    for (int i = 0; i < metrics.size(); i++) {
      report.addMetrics(metric(metrics.get(i), drift.metrics().get(i)));
    }
    return report.build();
  }

  private static dev.windrow.job.v1.MetricDrift metric(Metric metric, MetricDrift drift) {
    var told =
        dev.windrow.job.v1.MetricDrift.newBuilder()
            .setName(metric.name())
            .setDifferingRowCount(drift.differing())
            .setGreatestRelativeDifference(drift.greatestRelative());
    if (isPresent(drift.greatest())) {
      told.setGreatestDifference(MetricValues.of(metric, drift.greatest()));
    }
    if (isPresent(drift.ourTotal())) {
      told.setOurTotal(MetricValues.of(metric, drift.ourTotal()));
    }
    if (isPresent(drift.theirTotal())) {
      told.setTheirTotal(MetricValues.of(metric, drift.theirTotal()));
    }
    return told.build();
  }

  private static boolean isPresent(Value value) {
    return !(value instanceof Value.Absent);
  }

  private DifferingRow row(RowDrift drift) {
    var row = DifferingRow.newBuilder().setWindow(Times.window(drift.key().window()));
    for (int i = 0; i < question.groupBy().size(); i++) {
      row.putGroup(question.groupBy().get(i).name(), drift.key().group().get(i));
    }
    row.addAllOurs(values(drift.ours())).addAllTheirs(values(drift.theirs()));
    for (RowDrift.Difference difference : drift.differences()) {
      Metric metric = metrics.get(difference.metric());
      row.addDifferences(MetricValues.of(metric, difference.value()));
    }
    return row.build();
  }

  private List<MetricValue> values(List<Value> row) {
    List<MetricValue> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(MetricValues.of(metrics.get(i), row.get(i)));
    }
    return values;
  }
}
