package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.ReportWarning;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** What callers are told of windows of which only coarse buckets are left. */
class RetainedWindowsIT {
  private static final long START = micros("2001-01-01T00:00:00Z");
  private static final long HOUR = 3_600_000_000L;
  private static final long DAY = 24 * HOUR;

  /** An event every ten minutes of so many days. */
  private static final int DAYS = 6;

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
  void windowCutAskew_isAnsweredForItsWholeDays_andSaysSo() throws Exception {
    letGo(4, 4, 4);
    SummarizeResponse answer = ask(START + DAY / 3, START + 5 * DAY + HOUR / 2);
    assertThat(answer.getRows(0).getValues(0).getInteger()).isEqualTo(144 * 4 + 3);
    assertThat(answer.getInfo().getEffectiveWindow())
        .isEqualTo(window(START + DAY, START + 5 * DAY + HOUR / 2));
    assertThat(answer.getRows(0).getWindow()).isEqualTo(answer.getInfo().getEffectiveWindow());
    assertThat(answer.getInfo().getEffectiveWindowReason())
        .isEqualTo(
            "retention: of 2001-01-01T08:00:00Z to 2001-01-02T00:00:00Z nothing is kept that answers"
                + " it exactly");
    assertThat(answer.getInfo().getExactness(0).getExactness())
        .isEqualTo(Exactness.EXACTNESS_SNAPPED);
    SummarizeResponse whole = ask(START, START + 5 * DAY);
    assertThat(whole.getInfo().getEffectiveWindowReason()).isEmpty();
    assertThat(whole.getInfo().getExactness(0).getExactness()).isEqualTo(Exactness.EXACTNESS_EXACT);
  }

  @Test
  void whoeverNeedsTheWholeWindow_isRefused() throws Exception {
    letGo(4, 4, 4);
    SummarizeRequest.Builder asked = question(START + DAY / 3, START + 5 * DAY);
    for (Exactness exactness : List.of(Exactness.EXACTNESS_EXACT, Exactness.EXACTNESS_SKETCH)) {
      var required = Requirements.newBuilder().setExactness(exactness);
      refused(
          Statuses.of(
              () -> harness.client().summarize(asked.clone().setRequire(required).build())));
    }
    var snapped = Requirements.newBuilder().setExactness(Exactness.EXACTNESS_SNAPPED);
    assertThat(harness.client().summarize(asked.clone().setRequire(snapped).build()).getRowsCount())
        .isOne();
    refused(
        Statuses.of(
            () ->
                harness
                    .client()
                    .summarize(
                        asked.clone().setCompareTo(Comparison.getDefaultInstance()).build())));
    String position = harness.client().summarize(asked.build()).getInfo().getPosition();
    refused(
        Statuses.of(
            () ->
                harness
                    .client()
                    .drilldown(
                        DrilldownRequest.newBuilder()
                            .setQuestion(asked)
                            .setBy("source")
                            .setPosition(position)
                            .build())));
    refused(
        Statuses.of(
            () ->
                harness
                    .client()
                    .getLatest(
                        GetLatestRequest.newBuilder()
                            .setWindow(window(START + DAY / 3, START + 5 * DAY))
                            .build())));
    assertThat(harness.client().getLatest(GetLatestRequest.getDefaultInstance()).getEventsCount())
        .isEqualTo(2);
  }

  private static void refused(Statuses told) {
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("WINDOW_NOT_KEPT");
    assertThat(told.metadata())
        .containsEntry("raw_from", "2001-01-05T00:00:00Z")
        .containsEntry("hour_from", "2001-01-05T00:00:00Z")
        .containsEntry("kept_start_time", "2001-01-02T00:00:00Z");
    assertThat(told.message())
        .contains("events are kept from 2001-01-05T00:00:00Z on")
        .contains("ask for 2001-01-02T00:00:00Z to 2001-01-06T00:00:00Z");
  }

  @Test
  void nothingThatIsKept_isRefused() throws Exception {
    letGo(4, 4, 4);
    Statuses told = Statuses.of(() -> ask(START + DAY / 3, START + DAY / 2));
    assertThat(told.reason()).isEqualTo("WINDOW_NOT_KEPT");
    assertThat(told.metadata()).doesNotContainKey("kept_start_time");
    Statuses listed =
        Statuses.of(() -> harness.client().listEvents(listing(START, START + DAY).build()));
    assertThat(listed.reason()).isEqualTo("WINDOW_NOT_KEPT");
  }

  @Test
  void pages_areOneAnswer_orRefused() throws Exception {
    letGo(2, 2, 2);
    SummarizeRequest.Builder request =
        question(START + HOUR, START + 5 * DAY).setInterval(Interval.INTERVAL_HOUR);
    SummarizeResponse whole = harness.client().summarize(request.build());
    assertThat(whole.getInfo().getEffectiveWindow())
        .isEqualTo(window(START + 2 * DAY, START + 5 * DAY));
    List<SummaryRow> paged = new ArrayList<>();
    request.setLimit(30);
    do {
      SummarizeResponse page = harness.client().summarize(request.build());
      assertThat(page.getInfo().getEffectiveWindow())
          .isEqualTo(whole.getInfo().getEffectiveWindow());
      assertThat(page.getInfo().getEffectiveWindowReason())
          .isEqualTo(whole.getInfo().getEffectiveWindowReason());
      paged.addAll(page.getRowsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(paged).isEqualTo(whole.getRowsList()).hasSize(72);
    // What goes between two pages ends them.
    SummarizeResponse first = harness.client().summarize(request.build());
    harness.execute(
        "UPDATE retention_horizons SET from_at = '2001-01-04' WHERE tier IN ('raw', 'minute', 'hour')");
    request.setPageToken(first.getNextPageToken());
    Statuses told = Statuses.of(() -> harness.client().summarize(request.build()));
    assertThat(told.reason()).isEqualTo("WINDOW_NOT_KEPT");
  }

  @Test
  void events_areListedAsFarAsTheyAreKept() throws Exception {
    letGo(4, 4, 4);
    ListEventsRequest.Builder request = listing(START + 3 * DAY, START + 5 * DAY);
    ListEventsResponse page = harness.client().listEvents(request.setPageSize(1000).build());
    assertThat(page.getEventsList()).hasSize(144);
    assertThat(page.getInfo().getEffectiveWindow())
        .isEqualTo(window(START + 4 * DAY, START + 5 * DAY));
    assertThat(page.getInfo().getEffectiveWindowReason()).contains("retention");
    request.setRequire(Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT));
    assertThat(Statuses.of(() -> harness.client().listEvents(request.build())).reason())
        .isEqualTo("WINDOW_NOT_KEPT");
  }

  /** A row that is still there although its horizon has moved is not relied on: it may go. */
  @Test
  void whatIsBeforeAHorizon_isNotRead() throws Exception {
    harness.execute(
        "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES (1, 'raw', '2001-01-05')");
    ListEventsResponse page =
        harness.client().listEvents(listing(START, START + 5 * DAY).setPageSize(1000).build());
    assertThat(page.getEventsList()).hasSize(144);
    RunReportResponse health =
        harness
            .client()
            .runReport(
                RunReportRequest.newBuilder()
                    .setReport("daily-health")
                    .setWindow(window(START, START + 6 * DAY))
                    .build());
    assertThat(health.getInfo().getEffectiveWindow())
        .isEqualTo(window(START + 4 * DAY, START + 6 * DAY));
  }

  @Test
  void reports_warn() throws Exception {
    letGo(4, 4, 4);
    RunReportResponse report =
        harness
            .client()
            .runReport(
                RunReportRequest.newBuilder()
                    .setReport("status-counts")
                    .setWindow(window(START + DAY / 3, START + 5 * DAY))
                    .build());
    assertThat(report.getWarningsList())
        .extracting(ReportWarning::getCode)
        .containsExactly("WINDOW_REDUCED_BY_RETENTION");
    assertThat(report.getInfo().getEffectiveWindow())
        .isEqualTo(window(START + DAY, START + 5 * DAY));
    assertThat(report.getInfo().getExactness(0).getExactness())
        .isEqualTo(Exactness.EXACTNESS_SNAPPED);
  }

  @Test
  void deviationThatBucketsDoNotKnow_needsItsEvents() throws Exception {
    harness.execute("UPDATE rollup_buckets SET value_squares = NULL");
    letGo(4, 4, 4);
    var deviation = Metric.newBuilder().setMeasure(Measure.MEASURE_STDDEV);
    var old = question(START, START + 5 * DAY).addMetrics(deviation);
    assertThat(Statuses.of(() -> harness.client().summarize(old.build())).reason())
        .isEqualTo("WINDOW_NOT_KEPT");
    var young = question(START + 4 * DAY, START + 5 * DAY).addMetrics(deviation);
    assertThat(harness.client().summarize(young.build()).getRows(0).getValues(1).getReal())
        .isPositive();
  }

  @Test
  void newestEventThatBucketsDoNotKnow_needsItsEvents() throws Exception {
    harness.execute("UPDATE rollup_buckets SET latest = NULL WHERE key[2] = 'e1'");
    letGo(4, 4, 4);
    // The newest event of each entity is of the last day, whose events are kept.
    assertThat(harness.client().getLatest(GetLatestRequest.getDefaultInstance()).getEventsCount())
        .isEqualTo(2);
    var old = GetLatestRequest.newBuilder().setWindow(window(START, START + 4 * DAY));
    Statuses told = Statuses.of(() -> harness.client().getLatest(old.build()));
    assertThat(told.reason()).isEqualTo("WINDOW_NOT_KEPT");
    assertThat(harness.client().getLatest(old.setFilter("entity_id = e0").build()).getEventsCount())
        .isOne();
  }

  @Test
  void horizons_onlyMoveForward() throws Exception {
    letGo(4, 4, 4);
    assertThat(failure("UPDATE retention_horizons SET from_at = '2001-01-01'"))
        .contains("only moves forward");
    assertThat(failure("DELETE FROM retention_horizons")).contains("only moves forward");
    assertThat(failure("UPDATE retention_horizons SET from_at = '2002-01-01T00:00:01Z'"))
        .contains("from_at");
  }

  private String failure(String sql) throws SQLException {
    try (Connection connection = harness.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return "";
    } catch (PSQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void letGo(int rawDays, int minuteDays, int hourDays) throws Exception {
    harness.store().letGo("raw", START + rawDays * DAY);
    harness.store().letGo("minute", START + minuteDays * DAY);
    harness.store().letGo("hour", START + hourDays * DAY);
  }

  private SummarizeResponse ask(long from, long to) {
    return harness.client().summarize(question(from, to).build());
  }

  private static SummarizeRequest.Builder question(long from, long to) {
    return SummarizeRequest.newBuilder()
        .setWindow(window(from, to))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT));
  }

  private static ListEventsRequest.Builder listing(long from, long to) {
    return ListEventsRequest.newBuilder().setWindow(window(from, to));
  }

  private static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMicros(from))
        .setEndTime(Timestamps.fromMicros(to))
        .build();
  }

  private static List<TestEvent> events() {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < DAYS * 144; i++) {
      events.add(
          new TestEvent(
              START + i * HOUR / 6, "s", "t", "e" + i % 2, "ok", 1.0 * i, 1L, Map.of(), null));
    }
    return events;
  }

  private static long micros(String time) {
    return Instant.parse(time).getEpochSecond() * 1_000_000;
  }
}
