package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.v1.AppendRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Proof R25: whoever compacts may be killed at any time, and nothing is compacted twice. */
class ReplicasIT {
  private static final int KILLS = 20;

  @Test
  void compaction_byTwoReplicas_whoseLeaderIsKilled_countsEachEventOnce() throws Exception {
    try (IngestHarness one =
            IngestHarness.start(
                "WINDROW_COMPACTION_ROWS", "50", "WINDROW_UNFOLDED_TIME", "PT0.1S");
        var connection = one.database.connect();
        var statement = connection.createStatement()) {
      Map<String, String> settings =
          IngestHarness.settings(
              one.database, "WINDROW_COMPACTION_ROWS", "50", "WINDROW_COMPACTION_PAUSE", "PT0.02S");
      IngestServer two = IngestHarness.startServer(settings);
      AtomicBoolean enough = new AtomicBoolean();
      AtomicLong acknowledged = new AtomicLong();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                Random random = new Random(25);
                while (!enough.get()) {
                  acknowledged.addAndGet(one.stub().append(batch(random)).getStoredCount());
                }
              });
      int kills = 0;
      try {
        while (kills < KILLS && !load.isDone()) {
          // Some work lies between two kills.
          long before = acknowledged.get();
          await().until(() -> load.isDone() || acknowledged.get() >= before + 600);
          try (var killed =
              statement.executeQuery(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_locks l JOIN pg_stat_activity"
                      + " USING (pid) WHERE locktype = 'advisory' AND datname = current_database()"
                      + " AND classid = "
                      + AdvisoryLock.COMPACTION.classId())) {
            killed.next();
            kills += killed.getInt(1);
          }
        }
        enough.set(true);
        load.get();
        await()
            .atMost(Duration.ofMinutes(2))
            .until(
                () ->
                    one.number("SELECT count(*) FROM rollup_deltas") == 0
                        && one.number("SELECT count(*) FROM unfolded_batches") == 0);
        Invariant.check(one.database);
        long rows = one.number("SELECT count(*) FROM events");
        System.out.printf(
            "R25 kills=%d acked=%d rows=%d lost=%d dup=%d%n",
            kills, acknowledged.get(), rows, acknowledged.get() - rows, rows - acknowledged.get());
        assertThat(rows).isEqualTo(acknowledged.get());
        assertThat(kills).isGreaterThanOrEqualTo(KILLS);
      } finally {
        enough.set(true);
        two.close();
      }
    }
  }

  private static AppendRequest batch(Random random) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < 200; i++) {
      request.addEvents(
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(
                  Timestamp.newBuilder().setSeconds(978_307_200L + random.nextInt(3 * 86_400)))
              .setEntityId("e" + random.nextInt(300))
              .setValue(random.nextInt(1000) / 8.0)
              .setAmount(random.nextInt()));
    }
    return request.build();
  }
}
