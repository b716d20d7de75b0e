package dev.windrow.query;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.query.testing.WatchStream;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.v1.WatchSummaryRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Looks for changes are an hour apart here: only what is told can explain a push. */
class WatchSignalIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void notification_bringsTheLookForward() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of("WINDROW_WATCH_POLL", "PT1H"))) {
      TestStore store = harness.store();
      WatchStream stream = watch(harness);
      await().atMost(PATIENCE).until(() -> stream.count() == 0 && listener(harness) > 0);
      for (int change = 1; change <= 3; change++) {
        store.writeLive(change, List.of(TestEvent.of(change, "s", "t", "e")));
        harness.execute("SELECT pg_notify('windrow_appended', 'default')");
        long count = change;
        await().atMost(PATIENCE).until(() -> stream.count() == count);
      }
    }
  }

  @Test
  void listenerThatLosesItsConnection_opensAnother_andLooksAtOnce() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of("WINDROW_WATCH_POLL", "PT1H"))) {
      TestStore store = harness.store();
      WatchStream stream = watch(harness);
      await().atMost(PATIENCE).until(() -> stream.count() == 0 && listener(harness) > 0);
      long before = listener(harness);
      store.writeLive(1, List.of(TestEvent.of(1, "s", "t", "e")));
      harness.execute("SELECT pg_terminate_backend(" + before + ")");
      await().atMost(PATIENCE).until(() -> stream.count() == 1);
      await().atMost(PATIENCE).until(() -> listener(harness) > 0 && listener(harness) != before);
      store.writeLive(2, List.of(TestEvent.of(2, "s", "t", "e")));
      harness.execute("SELECT pg_notify('windrow_appended', 'default')");
      await().atMost(PATIENCE).until(() -> stream.count() == 2);
    }
  }

  // 0 while nobody listens.
  private static long listener(QueryHarness harness) {
    return QueryHarness.number(
        harness.database(),
        "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'windrow-query-listen' AND query LIKE 'LISTEN %'"
            + " AND state = 'idle'");
  }

  private static WatchStream watch(QueryHarness harness) {
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
            .build());
  }
}
