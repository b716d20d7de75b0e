package dev.windrow.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.report.Report;
import dev.windrow.query.report.ReportRun;
import dev.windrow.query.report.ReportWindow;
import dev.windrow.query.report.StoredReport;
import dev.windrow.query.v1.FilterValues;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportRunsTest {
  private static final Report REPORT = report(", \"longestWindow\": \"60s\"");

  @Test
  void whatIsNotSet_isAsTheReportHasIt() {
    ReportRun run = of(request());
    assertThat(run.breakdown().name()).isEqualTo("period");
    assertThat(run.interval()).isEqualTo(IntervalUnit.DAY);
    assertThat(run.window()).isEqualTo(REPORT.windows().get(0));
    assertThat(run.filter()).isEqualTo(FilterParser.parse("type = check"));
    assertThat(run.offset()).isZero();
    assertThat(run.limit()).isEqualTo(10);
    assertThat(run.zone()).isEqualTo(ZoneOffset.UTC);
  }

  @Test
  void whatIsSet_isTaken() {
    ReportRun run =
        of(
            request()
                .setInterval(Interval.INTERVAL_HOUR)
                .setWindow(window(60))
                .putFilters("status", values("late", "", "late"))
                .setOffset(5)
                .setLimit(20)
                .setTimeZone("Europe/Berlin"));
    assertThat(run.interval()).isEqualTo(IntervalUnit.HOUR);
    assertThat(run.window()).isEqualTo(new ReportWindow.Explicit(new TimeRange(0, 60_000_000)));
    assertThat(run.filter())
        .isEqualTo(FilterParser.parse("type = check AND status : (\"\", late)"));
    assertThat(run.offset()).isEqualTo(5);
    assertThat(run.limit()).isEqualTo(20);
    assertThat(run.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(of(request().setWindowName("1d")).window()).isEqualTo(REPORT.windows().get(1));
    assertThat(of(request().setBreakdown("source")).interval()).isEqualTo(IntervalUnit.NONE);
    assertThat(of(request().setLimit(1_000)).limit()).isEqualTo(100);
  }

  @Test
  void equalRuns_areEqual_howeverTheyAreWritten() {
    ReportRun run =
        of(
            request()
                .putFilters("status", values("a", "b"))
                .putFilters("attributes.region", values("x")));
    assertThat(run)
        .isEqualTo(
            of(
                request()
                    .setBreakdown("period")
                    .setInterval(Interval.INTERVAL_DAY)
                    .setWindowName("7d")
                    .setTimeZone("UTC")
                    .setLimit(10)
                    .putFilters("attributes.region", values("x"))
                    .putFilters("status", values("b", "a"))));
    assertThat(run).isNotEqualTo(of(request()));
  }

  @Test
  void whatTheReportLacks_isRefused_withWhatItHas() {
    refused(request().setBreakdown("entity"), "breakdown", "period,source");
    refused(
        request().setInterval(Interval.INTERVAL_MINUTE), "interval", "INTERVAL_DAY,INTERVAL_HOUR");
    refused(
        request().setBreakdown("source").setInterval(Interval.INTERVAL_DAY),
        "interval",
        "INTERVAL_UNSPECIFIED");
    refused(request().setWindowName("2d"), "window_name", "7d,1d");
    refused(request().setWindow(window(61)), "window", "7d,1d");
    refused(request().putFilters("entity_id", values("e")), "filters", "status,attributes.region");
    Failure none = failure(request().setWindow(window(0)).setWindowName("7d"), REPORT);
    assertThat(none.metadata()).containsEntry("field", "window_name");
    Failure named = failure(request().setWindow(window(1)), report(""));
    assertThat(named.message()).isEqualTo("window: may be none, use window_name with one of 7d,1d");
  }

  @Test
  void whatMakesNoSense_isRefusedByField() {
    refused(request().setLimit(-1), "limit");
    refused(request().setOffset(-1), "offset");
    refused(request().setOffset(9_991), "offset");
    refused(request().setTimeZone("Mars/Olympus"), "time_zone");
    refused(request().putFilters("status", values()), "filters[status]");
    refused(request().putFilters("status", values("\0")), "filters[status]");
    refused(
        request()
            .putFilters(
                "status",
                FilterValues.newBuilder().addAllValues(Collections.nCopies(101, "x")).build()),
        "filters[status]");
  }

  @Test
  void reportWithoutAFilterOfItsOwn_hasTheCallersAlone() {
    Report open = report(", \"baseFilter\": \"\"");
    assertThat(ReportRuns.of(request().build(), open, Serving.FULL).filter())
        .isEqualTo(new Filter.All());
    assertThat(
            ReportRuns.of(request().putFilters("status", values("a")).build(), open, Serving.FULL)
                .filter())
        .isEqualTo(FilterParser.parse("status = a"));
  }

  private static void refused(RunReportRequest.Builder request, String field, String allowed) {
    assertThat(failure(request, REPORT).metadata())
        .containsEntry("field", field)
        .containsEntry("allowed", allowed);
  }

  private static void refused(RunReportRequest.Builder request, String field) {
    assertThat(failure(request, REPORT).metadata()).containsEntry("field", field);
  }

  private static Failure failure(RunReportRequest.Builder request, Report report) {
    try {
      ReportRuns.of(request.build(), report, Serving.FULL);
    } catch (WindrowException e) {
      return e.failure();
    }
    throw new AssertionError("must be refused: " + request);
  }

  private static ReportRun of(RunReportRequest.Builder request) {
    return ReportRuns.of(request.build(), REPORT, Serving.FULL);
  }

  private static RunReportRequest.Builder request() {
    return RunReportRequest.newBuilder().setReport("r");
  }

  private static TimeWindow window(int seconds) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamp.getDefaultInstance())
        .setEndTime(Timestamp.newBuilder().setSeconds(seconds))
        .build();
  }

  private static FilterValues values(String... values) {
    return FilterValues.newBuilder().addAllValues(List.of(values)).build();
  }

  private static Report report(String more) {
    String spec =
        """
        {"schemaVersion": 1,
         "windows": [{"name": "7d", "length": "604800s"}, {"name": "1d", "length": "86400s"}],
         "breakdowns": [{"name": "period", "intervals": ["INTERVAL_DAY", "INTERVAL_HOUR"]},
                        {"name": "source", "groupBy": ["source"]}],
         "filterDimensions": ["status", "attributes.region"], %s
         "defaultLimit": 10, "maxLimit": 100%s}
        """
            .formatted(
                more.contains("baseFilter") ? "" : "\"baseFilter\": \"type = check\",", more);
    return ReportSpecs.of(
        new StoredReport("r", 1, "SUMMARY", "", "", spec, 0), MetricCatalog.empty());
  }
}
