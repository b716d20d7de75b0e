package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.FilterValues;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListReportsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Report;
import dev.windrow.query.v1.ReportColumn;
import dev.windrow.query.v1.ReportKind;
import dev.windrow.query.v1.ReportRow;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The catalogue of reports, and what they answer. */
class ReportsIT {
  private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
  private static final long DAY = 86_400_000;
  private static final TimeWindow WINDOW =
      TimeWindow.newBuilder()
          .setStartTime(Timestamps.fromMillis(START + DAY / 3))
          .setEndTime(Timestamps.fromMillis(START + 4 * DAY))
          .build();

  private QueryHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of());
    harness.store().writeCompacted(1, events());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void list_hasTheFirstFour_andWhatMayBeAskedOfThem() {
    List<Report> reports = list();
    assertThat(reports)
        .extracting(Report::getName)
        .containsExactly("daily-health", "status-counts", "top-entities", "volume-by-period");
    assertThat(reports).extracting(Report::getProblem).containsOnly("");
    Report health = reports.get(0);
    assertThat(health.getKind()).isEqualTo(ReportKind.REPORT_KIND_DAILY_HEALTH);
    assertThat(health.getVersion()).isOne();
    assertThat(health.getTitle()).isNotEmpty();
    assertThat(health.getDescription()).isNotEmpty();
    assertThat(health.hasCreateTime()).isTrue();
    assertThat(health.getSpec().getSchemaVersion()).isOne();
    assertThat(health.getSpec().getWindows(0).getName()).isEqualTo("90d");
    assertThat(health.getSpec().getCacheTtl().getSeconds()).isEqualTo(60);
    assertThat(reports.get(3).getSpec().getBreakdownsList())
        .extracting(breakdown -> breakdown.getName())
        .containsExactly("period", "source");
  }

  @Test
  void everyWindow_breakdownAndInterval_ofEveryReport_canBeRun() {
    for (Report report : list()) {
      report
          .getSpec()
          .getWindowsList()
          .forEach(window -> run(request(report.getName()).setWindowName(window.getName())));
      report
          .getSpec()
          .getBreakdownsList()
          .forEach(
              breakdown -> {
                var request = request(report.getName()).setBreakdown(breakdown.getName());
                assertThat(run(request).getBreakdown()).isEqualTo(breakdown.getName());
                breakdown.getIntervalsList().forEach(unit -> run(request.setInterval(unit)));
              });
    }
  }

  @Test
  void summaries_areThoseOfTheSameQuestions() {
    var volume = question().addMetrics(measure(Measure.MEASURE_COUNT));
    volume.addMetrics(measure(Measure.MEASURE_AMOUNT_SUM));
    same(
        request("volume-by-period").setWindow(WINDOW),
        volume.clone().setInterval(Interval.INTERVAL_DAY));
    same(
        request("volume-by-period")
            .setWindow(WINDOW)
            .setInterval(Interval.INTERVAL_HOUR)
            .setTimeZone("Asia/Kolkata")
            .putFilters("status", values("late", ""))
            .putFilters("entity_id", values("e-1", "e-2", "e-3")),
        volume
            .clone()
            .setInterval(Interval.INTERVAL_HOUR)
            .setTimeZone("Asia/Kolkata")
            .setFilter("status : (late, \"\") AND entity_id : (e-1, e-2, e-3)"));
    same(
        request("volume-by-period").setWindow(WINDOW).setBreakdown("source"),
        volume.clone().addGroupBy("source").setOrderBy("count desc, source"));
    var counts = question().addMetrics(measure(Measure.MEASURE_COUNT)).addGroupBy("status");
    same(
        request("status-counts").setWindow(WINDOW),
        counts.clone().setOrderBy("count desc, status"));
    same(
        request("status-counts").setWindow(WINDOW).setBreakdown("period"),
        counts.clone().setInterval(Interval.INTERVAL_DAY));
    same(
        request("top-entities").setWindow(WINDOW),
        volume.clone().addGroupBy("entity_id").setOrderBy("count desc, entity_id").setLimit(10));
  }

  @Test
  void topEntities_areRanked_pageByPage() {
    var request = request("top-entities").setWindow(WINDOW).setLimit(20);
    List<ReportRow> all = run(request).getRowsList();
    assertThat(all).hasSize(20);
    for (int offset = 0; offset < 25; offset += 4) {
      RunReportResponse page = run(request.setOffset(offset).setLimit(4));
      assertThat(page.getRowsList())
          .isEqualTo(all.subList(Math.min(20, offset), Math.min(20, offset + 4)));
      assertThat(page.getTotalRowCount()).isEqualTo(20);
    }
    assertThat(all).extracting(ReportRow::getRank).startsWith(1L, 2L, 3L).endsWith(20L);
  }

  @Test
  void answer_tellsWhatItIs() {
    RunReportResponse response =
        run(request("status-counts").setWindow(WINDOW).setBreakdown("period").setExplain(true));
    assertThat(response.getReport()).isEqualTo("status-counts");
    assertThat(response.getVersion()).isOne();
    assertThat(response.getSchemaVersion()).isOne();
    assertThat(response.getColumnsList())
        .extracting(ReportColumn::getName)
        .containsExactly("interval_start", "status", "count");
    assertThat(response.getInfo().getInstanceId()).isEqualTo("query-1");
    assertThat(response.getInfo().getEffectiveWindow()).isEqualTo(WINDOW);
    assertThat(response.getPlan().getRollup()).isEqualTo("type,source,status");
    assertThat(response.getWarningsList()).isEmpty();
    assertThat(run(request("status-counts").setWindow(WINDOW)).hasPlan()).isFalse();
  }

  @Test
  void defaultWindow_endsNow() throws Exception {
    long now = System.currentTimeMillis();
    harness.store().writeLive(2, List.of(TestEvent.of(now * 1000, "s", "t", "new")));
    RunReportResponse response = run(request("top-entities"));
    assertThat(response.getRowsList())
        .extracting(row -> row.getRow().getGroupOrThrow("entity_id"))
        .containsExactly("new");
    assertThat(response.getInfo().getEffectiveWindow().getEndTime())
        .isEqualTo(response.getReadTime());
    assertThat(Timestamps.toMillis(response.getReadTime())).isGreaterThanOrEqualTo(now);
  }

  @Test
  void reportThatIsInserted_isListedAndRunsAtOnce() {
    Statuses before = Statuses.of(() -> run(request("late-by-carrier")));
    assertThat(before.reason()).isEqualTo("UNKNOWN_REPORT");
    insert("late-by-carrier", 1, "SUMMARY", spec("late"));
    assertThat(list()).extracting(Report::getName).contains("late-by-carrier");
    RunReportResponse response = run(request("late-by-carrier").setWindow(WINDOW));
    same(response, question().addGroupBy("source").setFilter("status = late"));
    assertThat(response.getSchemaVersion()).isEqualTo(3);
  }

  @Test
  void newVersion_isTheNewest_andTheOldOneStaysAsItWas() {
    insert("late", 1, "SUMMARY", spec("late"));
    RunReportResponse first = run(request("late").setWindow(WINDOW));
    insert("late", 2, "SUMMARY", spec("on_time"));
    RunReportResponse second = run(request("late").setWindow(WINDOW));
    assertThat(second.getVersion()).isEqualTo(2);
    same(second, question().addGroupBy("source").setFilter("status = on_time"));
    RunReportResponse old = run(request("late").setWindow(WINDOW).setVersion(1));
    assertThat(old.getVersion()).isOne();
    assertThat(old.getRowsList()).isEqualTo(first.getRowsList()).isNotEqualTo(second.getRowsList());
  }

  @Test
  void version_thatIsThere_cannotBeChanged() {
    assertThatThrownBy(() -> harness.execute("UPDATE reports SET title = 'x'"))
        .rootCause()
        .hasMessageContaining("a version is never changed");
    assertThatThrownBy(() -> harness.execute("DELETE FROM reports"))
        .rootCause()
        .hasMessageContaining("a version is never changed");
  }

  @Test
  void brokenRow_isListedWithItsProblem_andHarmsNoOther() {
    insert("broken", 1, "SUMMARY", "{\"schemaVersion\": 1}");
    insert("unheard-of", 1, "FORECAST", spec("late"));
    List<Report> reports = list();
    assertThat(reports).hasSize(6);
    assertThat(reports.get(0).getProblem()).isEqualTo("breakdowns: must be 1 to 20, got 0");
    assertThat(reports.get(0).hasSpec()).isFalse();
    assertThat(reports.get(4).getProblem()).startsWith("kind: must be one of");
    Statuses told = Statuses.of(() -> run(request("broken")));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("BROKEN_REPORT");
    assertThat(told.metadata())
        .containsEntry("report", "broken")
        .containsEntry("version", "1")
        .containsEntry("problem", "breakdowns: must be 1 to 20, got 0");
    assertThat(run(request("status-counts").setWindow(WINDOW)).getRowsCount()).isPositive();
  }

  @Test
  void whatIsUnknown_isRefused_withWhatThereIs() {
    Statuses report = Statuses.of(() -> run(request("volume")));
    assertThat(report.code()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(report.metadata())
        .containsEntry("allowed", "daily-health,status-counts,top-entities,volume-by-period");
    Statuses version = Statuses.of(() -> run(request("top-entities").setVersion(2)));
    assertThat(version.code()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(version.metadata()).containsEntry("allowed", "1");
    Statuses breakdown = Statuses.of(() -> run(request("top-entities").setBreakdown("source")));
    assertThat(breakdown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(breakdown.field()).isEqualTo("breakdown");
    assertThat(breakdown.metadata()).containsEntry("allowed", "entity");
    Statuses window = Statuses.of(() -> run(request("top-entities").setWindowName("1y")));
    assertThat(window.field()).isEqualTo("window_name");
    assertThat(window.metadata()).containsEntry("allowed", "24h,7d,30d,90d");
    Statuses filter =
        Statuses.of(() -> run(request("top-entities").putFilters("entity_id", values("e"))));
    assertThat(filter.field()).isEqualTo("filters");
    assertThat(filter.metadata()).containsEntry("allowed", "type,source,status");
    TimeWindow decade =
        WINDOW.toBuilder().setEndTime(Timestamps.fromMillis(START + 3_660 * DAY)).build();
    Statuses interval =
        Statuses.of(
            () ->
                run(
                    request("volume-by-period")
                        .setWindow(decade)
                        .setInterval(Interval.INTERVAL_HOUR)));
    assertThat(interval.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(interval.field()).isEqualTo("interval");
  }

  @Test
  void hostileText_isATextLikeAnyOther() {
    for (String text :
        List.of("'; DROP TABLE events; --", "\"", "\\", "$1", "%s", "{}", "a\nb", "\u202E")) {
      for (String report : List.of("daily-health", "volume-by-period")) {
        var request = request(report).setWindow(WINDOW);
        assertThat(run(request.clone().putFilters("type", values(text))).getRowsCount()).isZero();
        for (var wrong :
            List.of(
                request(text),
                request.clone().setBreakdown(text),
                request(report).setWindowName(text),
                request.clone().putFilters(text, values("x")),
                request.clone().setTimeZone(text))) {
          assertThat(Statuses.of(() -> run(wrong)).code())
              .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
        }
      }
    }
    assertThat(run(request("status-counts").setWindow(WINDOW)).getRowsCount()).isPositive();
  }

  private void same(RunReportRequest.Builder request, SummarizeRequest.Builder question) {
    same(run(request), question);
  }

  private void same(RunReportResponse report, SummarizeRequest.Builder question) {
    var summary = harness.client().summarize(question.build());
    assertThat(summary.getRowsCount()).isPositive();
    assertThat(report.getRowsList())
        .extracting(ReportRow::getRow)
        .isEqualTo(new ArrayList<SummaryRow>(summary.getRowsList()));
    assertThat(report.getTotalRowCount()).isEqualTo(summary.getTotalRowCount());
    assertThat(report.getInfo().getEffectiveWindow())
        .isEqualTo(summary.getInfo().getEffectiveWindow());
  }

  private List<Report> list() {
    return harness.client().listReports(ListReportsRequest.getDefaultInstance()).getReportsList();
  }

  private RunReportResponse run(RunReportRequest.Builder request) {
    return harness.client().runReport(request.build());
  }

  private static RunReportRequest.Builder request(String report) {
    return RunReportRequest.newBuilder().setReport(report);
  }

  private static SummarizeRequest.Builder question() {
    return SummarizeRequest.newBuilder().setWindow(WINDOW);
  }

  private static Metric.Builder measure(Measure measure) {
    return Metric.newBuilder().setMeasure(measure);
  }

  private static FilterValues values(String... values) {
    return FilterValues.newBuilder().addAllValues(List.of(values)).build();
  }

  private static String spec(String status) {
    return """
        {"schemaVersion": 3, "windows": [{"name": "7d", "length": "604800s"}],
         "longestWindow": "86400000s", "breakdowns": [{"name": "source", "groupBy": ["source"]}],
         "baseFilter": "status = %s", "defaultLimit": 10, "maxLimit": 10}
        """
        .formatted(status);
  }

  private void insert(String name, int version, String kind, String spec) {
    harness.execute(
        "INSERT INTO reports (tenant_id, name, version, kind, title, description, spec)"
            + " VALUES (1, '%s', %d, '%s', '', '', '%s')".formatted(name, version, kind, spec));
  }

  private static List<TestEvent> events() {
    Random random = new Random(1);
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      events.add(
          new TestEvent(
              1_000 * (START + (long) (random.nextDouble() * 5 * DAY)),
              "source-" + random.nextInt(3),
              "departed",
              // Some have more than others.
              "e-" + (int) (20 * Math.pow(random.nextDouble(), 2)),
              List.of("late", "on_time", "").get(random.nextInt(3)),
              null,
              (long) random.nextInt(1_000),
              Map.of(),
              null));
    }
    return events;
  }
}
