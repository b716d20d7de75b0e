package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DatabaseAwayIT {
  private static final SummarizeRequest REQUEST =
      SummarizeRequest.newBuilder()
          .setWindow(
              TimeWindow.newBuilder()
                  .setStartTime(Timestamps.fromSeconds(0))
                  .setEndTime(Timestamps.fromSeconds(86_400)))
          .build();
  private static final String TERMINATE =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE datname = current_database() AND application_name = 'windrow-query'";

  @Test
  void sessionsTerminatedWhileIdle_areReplaced() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of())) {
      harness.store().writeLive(1, List.of(TestEvent.of(1, "s", "t", "e")));
      assertThat(count(harness)).isOne();
      assertThat(QueryHarness.number(harness.database(), TERMINATE)).isPositive();
      assertThat(count(harness)).isOne();
    }
  }

  @Test
  void sessionTerminatedWhileReading_isUnavailableAndTheNextCallSucceeds() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of());
        Connection blocker = harness.database().connect()) {
      harness.store().writeLive(1, List.of(TestEvent.of(1, "s", "t", "e")));
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      Thread killer =
          new Thread(
              () -> {
                await()
                    .until(
                        () ->
                            QueryHarness.number(
                                    harness.database(),
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND wait_event_type = 'Lock'"
                                        + " AND application_name = 'windrow-query'")
                                > 0);
                QueryHarness.number(harness.database(), TERMINATE);
              });
      killer.start();
      Statuses told = Statuses.of(() -> count(harness));
      killer.join();
      assertThat(told.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(told.reason()).isEqualTo("DATABASE_UNAVAILABLE");
      blocker.rollback();
      assertThat(count(harness)).isOne();
    }
  }

  @Test
  void databaseThatIsAway_isUnavailableUntilItIsBack() throws Exception {
    try (QueryHarness harness = QueryHarness.startBehindAWire()) {
      harness.store().writeLive(1, List.of(TestEvent.of(1, "s", "t", "e")));
      assertThat(count(harness)).isOne();
      harness.proxy().cut();
      Statuses told = Statuses.of(() -> count(harness));
      assertThat(told.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(told.reason()).isEqualTo("DATABASE_UNAVAILABLE");
      awaitHealth(harness, ServingStatus.NOT_SERVING);
      harness.proxy().heal();
      awaitHealth(harness, ServingStatus.SERVING);
      assertThat(count(harness)).isOne();
    }
  }

  @Test
  void databaseThatIsAwayAtTheStart_isWaitedFor() throws Exception {
    try (QueryHarness harness = QueryHarness.startBehindACutProxy()) {
      assertThat(Statuses.of(() -> count(harness)).code()).isEqualTo(Status.Code.UNAVAILABLE);
      harness.proxy().heal();
      awaitHealth(harness, ServingStatus.SERVING);
      assertThat(count(harness)).isZero();
    }
  }

  private static void awaitHealth(QueryHarness harness, ServingStatus status) {
    await().atMost(Duration.ofSeconds(20)).until(() -> health(harness) == status);
  }

  private static long count(QueryHarness harness) {
    return harness
        .client()
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .summarize(REQUEST)
        .getRows(0)
        .getValues(0)
        .getInteger();
  }

  private static ServingStatus health(QueryHarness harness) {
    return HealthGrpc.newBlockingStub(harness.channel())
        .check(HealthCheckRequest.newBuilder().setService("windrow.query.v1.QueryService").build())
        .getStatus();
  }
}
