package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.TimeWindow;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers of reports that are given again, and those that are not. */
class ReportCacheIT {
  private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private QueryHarness harness;
  private int written;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of());
    insert("kept", "3600s");
    insert("fresh", "0s");
    write();
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void answer_isGivenAgain_asItWasRead() throws Exception {
    RunReportResponse first = run(request("kept"));
    assertThat(first.getCached()).isFalse();
    write();
    RunReportResponse second = run(request("kept"));
    assertThat(second).isEqualTo(first.toBuilder().setCached(true).build());
    assertThat(run(request("kept").setLimit(1)).getCached()).isFalse();
  }

  @Test
  void report_ofNoTtl_isReadEachTime() throws Exception {
    assertThat(count(run(request("fresh")))).isOne();
    write();
    RunReportResponse second = run(request("fresh"));
    assertThat(second.getCached()).isFalse();
    assertThat(count(second)).isEqualTo(2);
  }

  @Test
  void cacheOfNoBytes_readsEachTime() throws Exception {
    harness.close();
    harness = QueryHarness.start(Map.of("WINDROW_REPORT_CACHE_BYTES", "0"));
    insert("kept", "3600s");
    write();
    run(request("kept"));
    assertThat(run(request("kept")).getCached()).isFalse();
  }

  @Test
  void position_thatTheAnswerHasNotReached_isReadAnew_andThatAnswerIsGivenAgain() throws Exception {
    run(request("kept"));
    write();
    var required = Requirements.newBuilder().setMinPosition(Integer.toString(written));
    RunReportResponse fresh = run(request("kept").setRequire(required));
    assertThat(fresh.getCached()).isFalse();
    assertThat(count(fresh)).isEqualTo(2);
    assertThat(run(request("kept"))).isEqualTo(fresh.toBuilder().setCached(true).build());
    var reached = Requirements.newBuilder().setMinPosition(fresh.getInfo().getPosition());
    assertThat(run(request("kept").setRequire(reached)).getCached()).isTrue();
  }

  @Test
  void staleness_thatTheAnswerHasNot_isReadAnew() throws Exception {
    run(request("kept"));
    var hour = Requirements.newBuilder().setMaxStaleness(Durations.fromHours(1));
    assertThat(run(request("kept").setRequire(hour)).getCached()).isTrue();
    harness.execute("UPDATE ingest_batches SET written_at = now() - interval '2 hours'");
    // Read anew it is stale, too, and the call is told so rather than given what was kept.
    var less = Requirements.newBuilder().setMaxStaleness(Durations.fromNanos(1_000));
    assertThat(Statuses.of(() -> run(request("kept").setRequire(less))).reason())
        .isEqualTo("STALE_ANSWER");
    assertThat(run(request("kept")).getCached()).isTrue();
  }

  @Test
  void equalCallsAtTheSameTime_shareOneReading() throws Exception {
    List<ListenableFuture<RunReportResponse>> calls = new ArrayList<>();
    try (Connection connection = harness.database().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      for (int i = 0; i < 5; i++) {
        calls.add(stub().runReport(request("kept").build()));
      }
      await().atMost(PATIENCE).until(() -> waiting() >= 1);
      connection.rollback();
    }
    List<RunReportResponse> answers = new ArrayList<>();
    for (var call : calls) {
      answers.add(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
    assertThat(answers)
        .extracting(answer -> answer.getInfo().getSnapshotTime())
        .containsOnly(answers.get(0).getInfo().getSnapshotTime());
  }

  @Test
  void onlyCaller_whoCancels_stopsTheStatement_andTheNextReadsAnew() throws Exception {
    try (Connection connection = harness.database().connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      var call = stub().runReport(request("kept").build());
      await().atMost(PATIENCE).until(() -> waiting() == 1);
      call.cancel(true);
      await().atMost(PATIENCE).until(() -> waiting() == 0);
      connection.rollback();
    }
    RunReportResponse next = run(request("kept"));
    assertThat(next.getCached()).isFalse();
    assertThat(count(next)).isOne();
  }

  private long waiting() {
    return QueryHarness.number(
        harness.database(),
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'windrow-query' AND wait_event_type = 'Lock'");
  }

  private QueryServiceGrpc.QueryServiceFutureStub stub() {
    return QueryServiceGrpc.newFutureStub(harness.channel());
  }

  private void write() throws Exception {
    TestEvent event = TestEvent.of((START + written) * 1_000, "s", "t", "e");
    harness.store().writeLive(++written, List.of(event));
  }

  private static long count(RunReportResponse response) {
    return response.getRows(0).getRow().getValues(0).getInteger();
  }

  private RunReportResponse run(RunReportRequest.Builder request) {
    return harness.client().runReport(request.build());
  }

  private static RunReportRequest.Builder request(String report) {
    return RunReportRequest.newBuilder()
        .setReport(report)
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(START))
                .setEndTime(Timestamps.fromMillis(START + 60_000)));
  }

  private void insert(String name, String ttl) {
    harness.execute(
        """
        INSERT INTO reports (tenant_id, name, version, kind, title, description, spec)
        VALUES (1, '%s', 1, 'SUMMARY', '', '', '{
          "schemaVersion": 1, "windows": [{"name": "1h", "length": "3600s"}],
          "longestWindow": "60s", "breakdowns": [{"name": "all"}], "defaultLimit": 10,
          "maxLimit": 10, "cacheTtl": "%s"}')
        """
            .formatted(name, ttl));
  }
}
