package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an answer is required to be worth, it is, or it is not given. */
class RequirementsIT {
  private static final Instant SIX = Instant.parse("2001-01-01T06:00:00Z");

  private QueryHarness harness;

  @BeforeEach
  void start() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void require_ofWhatThereIs_changesNothing() throws SQLException {
    harness.store().writeLive(1, events(3));
    harness.store().declare("s", "p", Instant.parse("2001-01-01T12:00:00Z"));
    var require =
        Requirements.newBuilder()
            .setMaxStaleness(Durations.fromHours(1))
            .setMinCoverage(1)
            .setExactness(Exactness.EXACTNESS_EXACT)
            .setMinPosition("1");
    assertThat(ask(require).getRowsList())
        .isEqualTo(ask(Requirements.newBuilder()).getRowsList())
        .first()
        .satisfies(row -> assertThat(row.getValues(0).getInteger()).isEqualTo(3));
  }

  @Test
  void maxStaleness_isMeasuredFromTheNewestBatch() throws SQLException {
    var minute = Requirements.newBuilder().setMaxStaleness(Durations.fromMinutes(1));
    Statuses empty = refused(minute, "STALE_ANSWER");
    assertThat(empty.metadata()).isEqualTo(Map.of("required_max_staleness", "60s"));
    assertThat(empty.message()).contains("no batch");

    harness.store().writeLive(1, events(1));
    ask(minute);
    harness.execute("UPDATE ingest_batches SET written_at = now() - interval '1 hour'");
    Statuses old = refused(minute, "STALE_ANSWER");
    assertThat(old.metadata()).containsEntry("required_max_staleness", "60s");
    assertThat(old.metadata().get("staleness")).matches("36[0-9][0-9]([.][0-9]+)?s");
    ask(Requirements.newBuilder().setMaxStaleness(Durations.fromHours(2)));

    // A heartbeat: a batch that brings nothing but its producer's position.
    harness.execute(batch(1, 2));
    ask(minute);
  }

  @Test
  void maxStaleness_doesNotCountTheBatchesOfOthers() {
    harness.execute("INSERT INTO tenants (tenant_id, name) VALUES (2, 'other');" + batch(2, 1));
    refused(Requirements.newBuilder().setMaxStaleness(Durations.fromMinutes(1)), "STALE_ANSWER");
  }

  @Test
  void minCoverage_isJudgedByTheLeastWatermark() throws SQLException {
    harness.store().declare("late", "p1", Instant.parse("2001-01-01T11:00:00Z"));
    harness.store().declare("late", "p2", Instant.parse("2001-01-01T09:00:00Z"));
    harness.store().declare("early", "p1", Instant.parse("2001-01-01T12:00:00Z"));
    ask(Requirements.newBuilder().setMinCoverage(0.5));
    Statuses told = refused(Requirements.newBuilder().setMinCoverage(0.51), "INCOMPLETE_COVERAGE");
    assertThat(told.metadata())
        .isEqualTo(
            Map.of(
                "required_min_coverage", "0.51",
                "coverage", "0.5",
                "missing_window", "[2001-01-01T09:00:00Z, 2001-01-01T12:00:00Z)",
                "missing_reason", "AFTER_WATERMARK",
                "source", "late"));
  }

  @Test
  void minCoverage_whereNobodyDeclares_cannotBeMet() throws SQLException {
    harness.store().writeLive(1, events(3));
    Statuses told = refused(Requirements.newBuilder().setMinCoverage(0.01), "INCOMPLETE_COVERAGE");
    assertThat(told.metadata())
        .isEqualTo(Map.of("required_min_coverage", "0.01", "declared_source_count", "0"));
    ask(Requirements.newBuilder().setMinCoverage(0));
  }

  @Test
  void exactness_ofAPercentile_isRefusedWithoutTheDatabase() throws IOException {
    try (QueryHarness away = QueryHarness.startBehindACutProxy()) {
      var request =
          request(exact())
              .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
              .addMetrics(
                  Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(95));
      Statuses told = Statuses.of(() -> away.client().summarize(request.build()));
      assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(told.reason()).isEqualTo("INEXACT_METRIC");
      assertThat(told.metadata())
          .isEqualTo(
              Map.of(
                  "required_exactness", "EXACTNESS_EXACT",
                  "metric", "p95",
                  "exactness", "EXACTNESS_SKETCH",
                  "relative_error", "0.01"));
    }
  }

  @Test
  void exactness_ofDistinctEntities_isJudgedByTheAnswer() throws SQLException {
    var distinct = Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES);
    harness.store().writeLive(1, events(512));
    var request = request(exact()).addMetrics(distinct);
    assertThat(harness.client().summarize(request.build()).getRows(0).getValues(0).getInteger())
        .isEqualTo(512);

    harness.store().writeLive(2, events(1000));
    Statuses told = Statuses.of(() -> harness.client().summarize(request.build()));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("INEXACT_METRIC");
    assertThat(told.metadata()).containsEntry("metric", "distinct_entities");
    var sketch = Requirements.newBuilder().setExactness(Exactness.EXACTNESS_SKETCH);
    harness.client().summarize(request(sketch).addMetrics(distinct).build());
  }

  @Test
  void exactness_ofWhatOrdersTheRows_isThatOfAllRows() throws SQLException {
    harness.store().writeLive(1, events(600));
    harness.store().writeLive(2, List.of(TestEvent.of(micros(SIX), "small", "t", "e")));
    var request =
        request(exact())
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES))
            .addGroupBy("source")
            .setLimit(1);
    // The small group comes first, but whether it does is known of a sketch only.
    Statuses told =
        Statuses.of(
            () -> harness.client().summarize(request.setOrderBy("distinct_entities").build()));
    assertThat(told.reason()).isEqualTo("INEXACT_METRIC");
    var row = harness.client().summarize(request.setOrderBy("source desc").build()).getRows(0);
    assertThat(row.getGroupOrThrow("source")).isEqualTo("small");
  }

  @Test
  void minPosition_ofABatch_isReachedOnceItIsVisible() throws SQLException {
    var nine = Requirements.newBuilder().setMinPosition("9");
    harness.execute(batch(1, 10));
    harness.execute("INSERT INTO tenants (tenant_id, name) VALUES (2, 'other');" + batch(2, 9));
    try (Connection writer = harness.database().connect()) {
      writer.setAutoCommit(false);
      writer.createStatement().execute(batch(1, 9));
      // Neither a later number nor another tenant's batch will do.
      Statuses told = refused(nine, "POSITION_NOT_REACHED");
      assertThat(told.metadata()).containsEntry("required_min_position", "9");
      assertThat(told.metadata().get("position")).matches("[0-9]+:[0-9]+:[0-9,]*");
      writer.commit();
    }
    ask(nine);
    ask(Requirements.newBuilder().setMinPosition("10"));
  }

  @Test
  void minPosition_ofAnAnswer_isReachedByLaterOnes() throws SQLException {
    String first = ask(Requirements.newBuilder()).getInfo().getPosition();
    ask(Requirements.newBuilder().setMinPosition(first));
    try (Connection writer = harness.database().connect()) {
      writer.setAutoCommit(false);
      writer.createStatement().execute(batch(1, 9));
      long xid = number(writer, "SELECT pg_current_xact_id()::text::bigint");
      String without = ask(Requirements.newBuilder()).getInfo().getPosition();
      ask(Requirements.newBuilder().setMinPosition(first));
      ask(Requirements.newBuilder().setMinPosition(without));
      // As of an answer that has seen the commit.
      var with = Requirements.newBuilder().setMinPosition((xid + 1) + ":" + (xid + 1) + ":");
      refused(with, "POSITION_NOT_REACHED");
      writer.commit();
      ask(with);
    }
    refused(Requirements.newBuilder().setMinPosition("3:999999999:"), "POSITION_NOT_REACHED");
  }

  @Test
  void minPosition_thatIsVeryLong_isRefusedInFewWords() {
    String underWay =
        IntStream.range(0, 20_000)
            .mapToObj(i -> String.valueOf(900_000_000 + i))
            .collect(Collectors.joining(","));
    Statuses told =
        refused(
            Requirements.newBuilder().setMinPosition("900000000:999999999:" + underWay),
            "POSITION_NOT_REACHED");
    assertThat(told.metadata().get("required_min_position")).hasSizeLessThan(600);
  }

  @Test
  void whatIsKnownEarly_isRefusedBeforeBucketsAreRead() throws SQLException {
    try (Connection blocker = harness.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      for (var require :
          List.of(
              Requirements.newBuilder().setMaxStaleness(Durations.fromMinutes(1)),
              Requirements.newBuilder().setMinCoverage(1),
              Requirements.newBuilder().setMinPosition("99"))) {
        Statuses told =
            Statuses.of(
                () ->
                    harness
                        .client()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .summarize(request(require).build()));
        assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      }
      blocker.rollback();
    }
  }

  @Test
  void requirements_thatAreWrong_nameTheField() {
    Statuses told =
        Statuses.of(
            () ->
                harness
                    .client()
                    .summarize(request(Requirements.newBuilder().setMinCoverage(2)).build()));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo("require.min_coverage");
  }

  private SummarizeResponse ask(Requirements.Builder require) {
    return harness.client().summarize(request(require).build());
  }

  private Statuses refused(Requirements.Builder require, String reason) {
    Statuses told = Statuses.of(() -> ask(require));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo(reason);
    return told;
  }

  private static Requirements.Builder exact() {
    return Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT);
  }

  private static SummarizeRequest.Builder request(Requirements.Builder require) {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(SIX.toEpochMilli()))
                .setEndTime(Timestamps.fromMillis(SIX.plusSeconds(6 * 3600).toEpochMilli())))
        .setRequire(require);
  }

  /** One event for each of so many entities. */
  private static List<TestEvent> events(int count) {
    long start = micros(SIX);
    return IntStream.range(0, count)
        .mapToObj(i -> TestEvent.of(start + i, "s", "t", "e" + i))
        .toList();
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000;
  }

  private static String batch(int tenant, long batchId) {
    return "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
        + (" duplicate_count, rejected_count) VALUES (" + tenant + ", " + batchId)
        + ", 0, 1, 0, 0, 0);";
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
