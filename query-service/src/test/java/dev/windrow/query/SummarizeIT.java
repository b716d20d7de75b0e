package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.Tier;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SummarizeIT {
  private static final TimeWindow MORNING = window("2001-01-01T06:00:00Z", "2001-01-01T12:00:00Z");

  private static QueryHarness harness;

  @BeforeAll
  static void start() throws Exception {
    harness =
        QueryHarness.start(Map.of("WINDROW_MAX_GROUPS", "100", "WINDROW_MAX_RAW_ROWS", "1000"));
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < 360; i++) {
      events.add(departure(i));
    }
    harness.store().writeCompacted(1, events.subList(0, 200));
    harness.store().writeLive(2, events.subList(200, 360));
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void summarize_withoutMetrics_counts() {
    var response = harness.client().summarize(request().build());
    assertThat(response.getRowsList()).hasSize(1);
    assertThat(response.getRows(0).getValues(0).getName()).isEqualTo("count");
    assertThat(response.getRows(0).getValues(0).getInteger()).isEqualTo(360);
    assertThat(response.getRows(0).getWindow()).isEqualTo(MORNING);
    assertThat(response.getTotalRowCount()).isOne();
    assertThat(response.hasPlan()).isFalse();
  }

  @Test
  void summarize_ofALargeAmount_isWrittenInDigits() {
    var row =
        harness
            .client()
            .summarize(request().addMetrics(metric(Measure.MEASURE_AMOUNT_SUM)).build())
            .getRows(0);
    assertThat(row.getValues(0).getBigInteger())
        .isEqualTo(
            java.math.BigInteger.valueOf(Long.MAX_VALUE)
                .multiply(java.math.BigInteger.valueOf(360))
                .toString());
  }

  @Test
  void summarize_ofEveryMeasure_namesThemAsTheContractDoes() {
    var request =
        request()
            .addMetrics(metric(Measure.MEASURE_COUNT))
            .addMetrics(metric(Measure.MEASURE_SUM))
            .addMetrics(metric(Measure.MEASURE_AVG))
            .addMetrics(metric(Measure.MEASURE_MIN))
            .addMetrics(metric(Measure.MEASURE_MAX))
            .addMetrics(metric(Measure.MEASURE_PERCENTILE).toBuilder().setPercentile(99.9))
            .addMetrics(metric(Measure.MEASURE_DISTINCT_ENTITIES))
            .addMetrics(metric(Measure.MEASURE_RATE))
            .addMetrics(metric(Measure.MEASURE_STATUS_SHARE).toBuilder().setStatus("late"));
    var response = harness.client().summarize(request.build());
    assertThat(response.getRows(0).getValuesList())
        .extracting(value -> value.getName())
        .containsExactly(
            "count",
            "sum",
            "avg",
            "min",
            "max",
            "p99.9",
            "distinct_entities",
            "rate",
            "share(late)");
    assertThat(response.getRows(0).getValues(8).getReal()).isEqualTo(0.25);
    assertThat(response.getInfo().getExactnessList())
        .extracting(metric -> metric.getExactness())
        .containsExactly(
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_SKETCH,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT,
            Exactness.EXACTNESS_EXACT);
  }

  @Test
  void summarize_ordered_putsAbsentValuesLastAndCutsAtTheLimit() {
    var request =
        request()
            .addMetrics(metric(Measure.MEASURE_AVG))
            .addMetrics(metric(Measure.MEASURE_COUNT))
            .addGroupBy("source")
            .setOrderBy("avg desc, source")
            .setLimit(3);
    var response = harness.client().summarize(request.build());
    assertThat(response.getTotalRowCount()).isEqualTo(4);
    assertThat(response.getRowsList())
        .extracting(SummarizeIT::source)
        .containsExactly("C", "B", "A");
    var all = harness.client().summarize(request.setLimit(4).build());
    assertThat(source(all.getRows(3))).isEqualTo("D");
    assertThat(all.getRows(3).getValues(0).hasReal()).isFalse();
  }

  @Test
  void summarize_byTheHour_cutsTheFirstAndTheLastToTheWindow() {
    var request =
        request()
            .setWindow(window("2001-01-01T06:30:00Z", "2001-01-01T08:15:00Z"))
            .setInterval(Interval.INTERVAL_HOUR)
            .setExplain(true);
    var response = harness.client().summarize(request.build());
    assertThat(response.getRowsList())
        .extracting(row -> Timestamps.toString(row.getWindow().getStartTime()))
        .containsExactly("2001-01-01T06:30:00Z", "2001-01-01T07:00:00Z", "2001-01-01T08:00:00Z");
    assertThat(response.getRowsList())
        .extracting(row -> row.getValues(0).getInteger())
        .containsExactly(30L, 60L, 15L);
    assertThat(response.getPlan().getRollup()).isEqualTo("type");
    assertThat(response.getPlan().getSegmentsList())
        .extracting(segment -> segment.getTier())
        .containsExactly(Tier.TIER_MINUTE, Tier.TIER_HOUR, Tier.TIER_MINUTE);
    assertThat(response.getPlan().getBucketRows()).isPositive();
    assertThat(response.getPlan().getEventRows()).isZero();
  }

  @Test
  void summarize_byWhatNoRollupHas_readsEventsAndSaysWhy() {
    var request = request().addGroupBy("attributes.gate").setExplain(true);
    var response = harness.client().summarize(request.build());
    assertThat(response.getPlan().getRollup()).isEmpty();
    assertThat(response.getPlan().getRawReason()).isEqualTo("no rollup has attributes.gate");
    assertThat(response.getPlan().getEventRows()).isEqualTo(360);
    assertThat(response.getInfo().getFreshness().getDeltaRows()).isZero();
  }

  @Test
  void summarize_ofAnEmptyWindow_isOneRowOfNothing() {
    var request =
        request()
            .setWindow(window("2001-01-01T06:30:00Z", "2001-01-01T06:30:00Z"))
            .addMetrics(metric(Measure.MEASURE_COUNT))
            .addMetrics(metric(Measure.MEASURE_RATE));
    var response = harness.client().summarize(request.build());
    assertThat(response.getRows(0).getValues(0).getInteger()).isZero();
    assertThat(response.getRows(0).getValues(1).hasReal()).isFalse();
    var byHour = request.setInterval(Interval.INTERVAL_HOUR).build();
    assertThat(harness.client().summarize(byHour).getRowsList()).isEmpty();
  }

  @Test
  void summarize_always_saysWhatItIsWorth() {
    var info = harness.client().summarize(request().build()).getInfo();
    assertThat(info.getInstanceId()).isEqualTo("query-1");
    assertThat(info.getEnv()).isEqualTo("test");
    assertThat(info.getSchemaVersion()).isOne();
    assertThat(info.getPosition()).isNotEmpty();
    assertThat(info.getEffectiveWindow()).isEqualTo(MORNING);
    assertThat(Timestamps.toString(info.getFreshness().getNewestOccurredAt()))
        .isEqualTo("2001-01-01T11:59:00Z");
    assertThat(info.getFreshness().hasNewestBatchTime()).isTrue();
    assertThat(info.getFreshness().getDeltaRows()).isPositive();
    assertThat(info.getSnapshotTime().getSeconds())
        .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(60L));
  }

  @Test
  void summarize_ofHostileTexts_findsNothingAndHarmsNothing() {
    for (String text :
        List.of(
            "'; DROP TABLE events; --",
            "$1",
            "%s %n %1$s",
            "\\' OR '1'='1",
            "{\"a\":1}",
            "\u202e\uD83D\uDE00")) {
      String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      var request =
          request()
              .addGroupBy("attributes." + text)
              .setFilter("source = " + quoted + " OR status : (" + quoted + ", x)")
              .addMetrics(metric(Measure.MEASURE_STATUS_SHARE).toBuilder().setStatus(text))
              .setOrderBy("attributes." + text + " desc");
      assertThat(harness.client().summarize(request.build()).getRowsList()).isEmpty();
    }
    assertThat(harness.client().summarize(request().build()).getRows(0).getValues(0).getInteger())
        .isEqualTo(360);
  }

  @Test
  void summarize_ofTooManyGroups_isRefused() {
    var request = request().addGroupBy("source").setInterval(Interval.INTERVAL_MINUTE).build();
    Statuses told = Statuses.of(() -> harness.client().summarize(request));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("TOO_MANY_GROUPS");
  }

  @Test
  void summarize_ofTooManyEvents_isRefused() throws Exception {
    try (QueryHarness small = QueryHarness.start(Map.of("WINDROW_MAX_RAW_ROWS", "9"))) {
      List<TestEvent> events = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        events.add(departure(i));
      }
      small.store().writeCompacted(1, events);
      for (Measure measure : List.of(Measure.MEASURE_COUNT, Measure.MEASURE_SUM)) {
        var request = request().addGroupBy("attributes.gate").addMetrics(metric(measure)).build();
        Statuses told = Statuses.of(() -> small.client().summarize(request));
        assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(told.reason()).isEqualTo("RAW_SCAN_TOO_LARGE");
      }
    }
  }

  @Test
  void calls_withBadInput_nameTheField() {
    Statuses summarize =
        Statuses.of(() -> harness.client().summarize(request().setFilter("x = 1").build()));
    assertThat(summarize.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(summarize.field()).isEqualTo("filter");
    Statuses list =
        Statuses.of(() -> harness.client().listEvents(ListEventsRequest.getDefaultInstance()));
    assertThat(list.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(list.field()).isEqualTo("window");
  }

  @Test
  void summarize_whileItsTableIsLocked_endsWithItsDeadlineAndStopsItsStatement() throws Exception {
    try (Connection blocker = harness.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      Statuses told =
          Statuses.of(
              () ->
                  harness
                      .client()
                      .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                      .summarize(request().build()));
      assertThat(told.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      await()
          .atMost(Duration.ofSeconds(1))
          .until(
              () ->
                  QueryHarness.number(
                          harness.database(),
                          "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                              + " current_database() AND application_name = 'windrow-query'"
                              + " AND state = 'active' AND query LIKE '%rollup_buckets%'")
                      == 0);
      blocker.rollback();
    }
    assertThat(harness.client().summarize(request().build()).getRowsCount()).isOne();
  }

  @Test
  void summarize_withoutADeadline_isBoundedByTheServer() throws Exception {
    try (QueryHarness hasty = QueryHarness.start(Map.of("WINDROW_MAX_QUERY_TIME", "PT0.3S"));
        Connection blocker = hasty.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      Statuses told = Statuses.of(() -> hasty.client().summarize(request().build()));
      assertThat(told.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(told.reason()).isEqualTo("DEADLINE_EXCEEDED");
    }
  }

  @Test
  void summarize_ofAnUnknownTenant_isRefused() throws Exception {
    try (QueryHarness other = QueryHarness.start(Map.of("WINDROW_TENANT", "nobody"))) {
      Statuses told = Statuses.of(() -> other.client().summarize(request().build()));
      assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(told.reason()).isEqualTo("UNKNOWN_TENANT");
    }
  }

  @Test
  void health_onceTheDatabaseAnswers_isServing() {
    var health = HealthGrpc.newBlockingStub(harness.channel());
    var request =
        HealthCheckRequest.newBuilder().setService("windrow.query.v1.QueryService").build();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> health.check(request).getStatus() == ServingStatus.SERVING);
  }

  @Test
  void reflection_listsTheService() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    var requests =
        ServerReflectionGrpc.newStub(harness.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable error) {
                    answer.completeExceptionally(error);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains("windrow.query.v1.QueryService");
    requests.onCompleted();
  }

  /** One a minute from 06:00; A, B and C measure ever more, D nothing. */
  private static TestEvent departure(int minute) {
    int source = minute % 4;
    return new TestEvent(
        Instant.parse("2001-01-01T06:00:00Z").plusSeconds(60L * minute).getEpochSecond()
            * 1_000_000,
        "ABCD".substring(source, source + 1),
        "flight.departed",
        "plane-" + minute % 7,
        minute % 4 == 0 ? "late" : "ok",
        source == 3 ? null : 10.0 * (source + 1),
        Long.MAX_VALUE,
        Map.of("gate", "g" + minute % 3),
        null);
  }

  private static SummarizeRequest.Builder request() {
    return SummarizeRequest.newBuilder().setWindow(MORNING);
  }

  private static Metric metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure).build();
  }

  private static String source(SummaryRow row) {
    return row.getGroupOrThrow("source");
  }

  private static TimeWindow window(String from, String to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMillis(Instant.parse(from).toEpochMilli()))
        .setEndTime(Timestamps.fromMillis(Instant.parse(to).toEpochMilli()))
        .build();
  }
}
