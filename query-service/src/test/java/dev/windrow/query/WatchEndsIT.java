package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.WatchStream;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import io.grpc.Status;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a watch ends, and what it outlives. */
class WatchEndsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, String> OFTEN = Map.of("WINDROW_WATCH_POLL", "PT0.05S");

  @Test
  void lastWatcherThatLeaves_stopsTheSql() throws Exception {
    try (QueryHarness harness = QueryHarness.start(OFTEN);
        Connection blocker = harness.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      WatchStream first = watch(harness, "");
      WatchStream second = watch(harness, "");
      await().atMost(PATIENCE).until(() -> reading(harness) == 1);
      first.cancel();
      second.cancel();
      await().atMost(PATIENCE).until(() -> reading(harness) == 0);
      assertThat(harness.server().watchedQuestionsRead()).isOne();
      blocker.rollback();
      WatchStream again = watch(harness, "");
      await().atMost(PATIENCE).until(() -> again.count() == 0);
    }
  }

  @Test
  void watcherThatLeaves_doesNotStopTheReadOfTheOther() throws Exception {
    try (QueryHarness harness = QueryHarness.start(OFTEN);
        Connection blocker = harness.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      WatchStream first = watch(harness, "");
      WatchStream second = watch(harness, "");
      await().atMost(PATIENCE).until(() -> reading(harness) == 1);
      first.cancel();
      assertThat(first.error().getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
      blocker.rollback();
      await().atMost(PATIENCE).until(() -> second.count() == 0);
      assertThat(harness.server().watchedQuestionsRead()).isOne();
    }
  }

  @Test
  void nobodyWatching_nobodyListens() throws Exception {
    try (QueryHarness harness = QueryHarness.start(OFTEN)) {
      WatchStream stream = watch(harness, "");
      await().atMost(PATIENCE).until(() -> stream.count() == 0 && listening(harness) == 1);
      stream.cancel();
      await().atMost(PATIENCE).until(() -> listening(harness) == 0);
    }
  }

  @Test
  void serverThatStops_saysSo_andWhereToResume() throws Exception {
    QueryHarness harness = QueryHarness.start(OFTEN);
    try {
      harness.store().writeLive(1, List.of(event(0)));
      WatchStream stream = watch(harness, "");
      await().atMost(PATIENCE).until(() -> stream.count() == 1);
      harness.server().close();
      assertGoneAway(stream);
    } finally {
      harness.close();
    }
  }

  @Test
  void connectionThatIsOld_losesItsStreams_whichResumeOnAnother() throws Exception {
    try (QueryHarness harness =
        QueryHarness.start(
            Map.of("WINDROW_WATCH_POLL", "PT0.05S", "WINDROW_MAX_CONNECTION_AGE", "PT1S"))) {
      harness.store().writeLive(1, List.of(event(0)));
      WatchStream stream = watch(harness, "");
      String position = assertGoneAway(stream);
      WatchStream resumed = watch(harness, position);
      await().atMost(PATIENCE).until(() -> !resumed.all().isEmpty());
      assertThat(resumed.all().get(0).hasHeartbeat()).isTrue();
    }
  }

  @Test
  void streamThatIsOpen_outlivesADatabaseThatIsAway() throws Exception {
    try (QueryHarness harness = QueryHarness.startBehindAWire(OFTEN)) {
      harness.store().writeLive(1, List.of(event(0)));
      WatchStream stream = watch(harness, "");
      await().atMost(PATIENCE).until(() -> stream.count() == 1);
      harness.proxy().cut();
      Statuses newcomer = Statuses.of(watch(harness, "").error());
      assertThat(newcomer.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(newcomer.reason()).isEqualTo("DATABASE_UNAVAILABLE");
      harness.store().writeLive(2, List.of(event(1)));
      harness.proxy().heal();
      await().atMost(PATIENCE).until(() -> stream.count() == 2);
      assertThat(stream.answers()).hasSize(2);
    }
  }

  @Test
  void firstAnswer_whileTheDatabaseIsAway_isUnavailable() throws Exception {
    try (QueryHarness harness = QueryHarness.startBehindACutProxy()) {
      Statuses told = Statuses.of(watch(harness, "").error());
      assertThat(told.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(told.reason()).isEqualTo("DATABASE_UNAVAILABLE");
      harness.proxy().heal();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                WatchStream stream = watch(harness, "");
                await().until(() -> stream.count() == 0 || stream.isOver());
                return stream.count() == 0;
              });
    }
  }

  @Test
  void sessionThatIsTerminatedWhileReading_isReadAgain() throws Exception {
    try (QueryHarness harness = QueryHarness.start(OFTEN);
        Connection blocker = harness.database().connect()) {
      harness.store().writeLive(1, List.of(event(0)));
      WatchStream stream = watch(harness, "");
      await().atMost(PATIENCE).until(() -> stream.count() == 1);
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      harness.store().writeLive(2, List.of(event(1)));
      await().atMost(PATIENCE).until(() -> reading(harness) == 1);
      QueryHarness.number(
          harness.database(),
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'windrow-query-watch'");
      blocker.rollback();
      await().atMost(PATIENCE).until(() -> stream.count() == 2);
    }
  }

  private static String assertGoneAway(WatchStream stream) {
    Statuses told = Statuses.of(stream.error());
    assertThat(told.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(told.reason()).isEqualTo("GOING_AWAY");
    List<WatchSummaryResponse> all = stream.all();
    assertThat(all.get(0).hasAnswer()).isTrue();
    WatchSummaryResponse last = all.get(all.size() - 1);
    assertThat(last.hasGoingAway()).isTrue();
    assertThat(last.getGoingAway().getPosition())
        .isEqualTo(stream.answers().get(0).getInfo().getPosition());
    return last.getGoingAway().getPosition();
  }

  private static long reading(QueryHarness harness) {
    return QueryHarness.number(
        harness.database(),
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'windrow-query-watch' AND wait_event_type = 'Lock'");
  }

  private static long listening(QueryHarness harness) {
    return QueryHarness.number(
        harness.database(),
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'windrow-query-listen'");
  }

  private static TestEvent event(long micros) {
    return TestEvent.of(micros, "s", "t", "e");
  }

  private static WatchStream watch(QueryHarness harness, String position) {
    return WatchStream.open(
        harness.channel(),
        WatchSummaryRequest.newBuilder()
            .setQuestion(
                SummarizeRequest.newBuilder()
                    .setWindow(
                        TimeWindow.newBuilder()
                            .setStartTime(Timestamps.fromSeconds(0))
                            .setEndTime(Timestamps.fromSeconds(86_400))))
            .setMaxPushesPerSecond(10)
            .setResumePosition(position)
            .build());
  }
}
