package dev.windrow.query.health;

import static dev.windrow.query.health.HealthReports.DAY;
import static dev.windrow.query.health.HealthReports.check;
import static dev.windrow.query.health.HealthReports.days;
import static dev.windrow.query.health.HealthReports.health;
import static dev.windrow.query.health.HealthReports.read;
import static dev.windrow.query.health.HealthReports.values;
import static dev.windrow.query.health.HealthReports.window;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.ReportColumn;
import dev.windrow.query.v1.ReportRow;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DailyHealthIT {
  private static final String RANDOM =
      """
      INSERT INTO reports (tenant_id, name, version, kind, title, description, spec)
      VALUES (1, 'random-health', 1, 'DAILY_HEALTH', '', '', '{
        "schemaVersion": 1, "windows": [{"name": "1d", "length": "86400s"}],
        "longestWindow": "34560000s",
        "breakdowns": [{"name": "entity", "groupBy": ["entity_id"], "intervals": ["INTERVAL_DAY"]}],
        "filterDimensions": ["type", "source", "attributes.region"],
        "metrics": [{"measure": "MEASURE_STATUS_SHARE", "statuses": ["status-0", ""]}],
        "defaultLimit": 10000, "maxLimit": 10000}')
      """;

  private QueryHarness harness;
  private long batchId = 1;

  @BeforeEach
  void open() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void randomEvents_saysWhatTheEventsSay() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<TestEvent> events = RandomEvents.of(random, 3000);
    RandomStore.fill(random, harness.store(), events);
    harness.execute(RANDOM);
    for (int i = 0; i < 25; i++) {
      long a = RandomEvents.time(random);
      long b = RandomEvents.time(random);
      long from = Math.min(a, b);
      long to = Math.max(a, b);
      String type = "type-" + random.nextInt(2);
      boolean filtered = random.nextBoolean();
      RunReportRequest.Builder request =
          RunReportRequest.newBuilder().setReport("random-health").setWindow(window(from, to));
      if (filtered) {
        request.putFilters("type", values(type));
      }
      var expected =
          HealthOracle.of(
              events,
              event ->
                  event.occurredAtMicros() >= from
                      && event.occurredAtMicros() < to
                      && (!filtered || event.type().equals(type)),
              Set.of("status-0", ""));
      RunReportResponse response = run(request);
      assertThat(read(response)).as("seed " + seed + " window " + i).isEqualTo(expected);
      assertThat(response.getTotalRowCount()).isEqualTo(expected.size());
      assertThat(response.getWarningsList()).isEmpty();
    }
  }

  @Test
  void shareAndAverage_areThoseOfTheSameSummaries() throws Exception {
    Random random = new Random(7);
    RandomStore.fill(random, harness.store(), RandomEvents.of(random, 1000));
    harness.execute(RANDOM);
    TimeWindow window = window(RandomEvents.START, RandomEvents.START + 4 * DAY);
    List<SummaryRow> health =
        run(RunReportRequest.newBuilder().setReport("random-health").setWindow(window))
            .getRowsList()
            .stream()
            .map(ReportRow::getRow)
            .toList();
    var daily =
        SummarizeRequest.newBuilder()
            .setWindow(window)
            .setInterval(Interval.INTERVAL_DAY)
            .addGroupBy("entity_id")
            .setLimit(10_000);
    var share =
        Metric.newBuilder()
            .setMeasure(Measure.MEASURE_STATUS_SHARE)
            .addStatuses("status-0")
            .addStatuses("");
    var all = daily.clone().addMetrics(metric(Measure.MEASURE_COUNT)).addMetrics(share).build();
    List<SummaryRow> summary = harness.client().summarize(all).getRowsList();
    assertThat(health).hasSameSizeAs(summary);
    for (int i = 0; i < health.size(); i++) {
      assertThat(health.get(i).getWindow()).isEqualTo(summary.get(i).getWindow());
      assertThat(health.get(i).getGroupMap()).isEqualTo(summary.get(i).getGroupMap());
      assertThat(health.get(i).getValues(0).getInteger())
          .isEqualTo(summary.get(i).getValues(0).getInteger());
      assertThat(health.get(i).getValues(2)).isEqualTo(summary.get(i).getValues(1));
    }
    var passed =
        daily.setFilter("status : (status-0, \"\")").addMetrics(metric(Measure.MEASURE_AVG));
    assertThat(health.stream().map(row -> row.getValues(3)).filter(MetricValue::hasReal))
        .extracting(MetricValue::getReal)
        .isEqualTo(
            harness.client().summarize(passed.build()).getRowsList().stream()
                .map(row -> row.getValues(0))
                .filter(MetricValue::hasReal)
                .map(MetricValue::getReal)
                .toList());
  }

  @Test
  void runPastMidnight_countsOnEachDayThatItTouches() throws Exception {
    write(
        check("2001-01-01T12:00:00Z", "down", 1.0),
        check("2001-01-01T13:00:00Z", "ok", 2.0),
        check("2001-01-01T23:59:59Z", "down", 3.0),
        check("2001-01-02T00:00:00Z", "lost", 4.0),
        check("2001-01-02T23:00:00Z", "down", 5.0),
        check("2001-01-03T00:00:00Z", "down", null),
        check("2001-01-03T01:00:00Z", "up", null));
    var days = read(run(health(3)));
    assertThat(days.values())
        .containsExactly(
            new HealthOracle.Day(3, 1, 1.0 / 3, 2.0, 2.0, 2),
            new HealthOracle.Day(2, 0, 0, null, null, 1),
            new HealthOracle.Day(2, 1, 0.5, null, null, 1));
  }

  @Test
  void checksOfTheSameTime_areInTheOrderInWhichTheyWereStored() throws Exception {
    String noon = "2001-01-01T12:00:00Z";
    write(check(noon, "down", null), check(noon, "ok", null), check(noon, "down", null));
    write(check(noon, "down", null), check(noon, "ok", null));
    assertThat(read(run(health(1))).values())
        .extracting(HealthOracle.Day::incidents)
        .containsExactly(2L);
  }

  @Test
  void columns_tellNamesAndVersions() throws Exception {
    write(check("2001-01-01T12:00:00Z", "ok", 1.0));
    RunReportResponse response = run(health(1).setExplain(true));
    assertThat(response.getColumnsList())
        .extracting(ReportColumn::getName)
        .containsExactly(
            "interval_start",
            "entity_id",
            "checks",
            "passed",
            "uptime",
            "latency_avg",
            "latency_p95",
            "incidents");
    assertThat(response.getColumns(4).getVersion()).isOne();
    assertThat(response.getSchemaVersion()).isOne();
    assertThat(response.getPlan().getEventRows()).isOne();
    assertThat(response.getPlan().getRawReason()).contains("order");
  }

  @Test
  void defaultWindow_isTodayAndThe89DaysBefore() throws Exception {
    long now = System.currentTimeMillis() * 1000;
    write(new TestEvent(now, "s", "t", "e", "ok", 1.0, null, Map.of(), null));
    RunReportResponse response = run(RunReportRequest.newBuilder().setReport("daily-health"));
    TimeWindow window = response.getInfo().getEffectiveWindow();
    long start = Timestamps.toMicros(window.getStartTime());
    long end = Timestamps.toMicros(window.getEndTime());
    assertThat(start % DAY).isZero();
    assertThat(end / DAY - start / DAY).isEqualTo(89);
    assertThat(window.getEndTime()).isEqualTo(response.getReadTime());
    assertThat(read(response).values()).extracting(HealthOracle.Day::checks).containsExactly(1L);
  }

  @Test
  void otherTimeZones_areRefused() {
    Statuses told = Statuses.of(() -> run(health(1).setTimeZone("Europe/Berlin")));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo("time_zone");
    assertThat(run(health(1).setTimeZone("UTC")).getTotalRowCount()).isZero();
  }

  private void write(TestEvent... events) throws Exception {
    write(List.of(events));
  }

  private void write(List<TestEvent> events) throws Exception {
    harness.store().writeLive(batchId++, events);
  }

  private RunReportResponse run(RunReportRequest.Builder request) {
    return harness.client().runReport(request.build());
  }

  private static Metric.Builder metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure);
  }
}
