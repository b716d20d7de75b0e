package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.v1.AppendRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompactionIT {
  private static final String NO_COMPACTION = "PT1H";

  @Test
  void compaction_whileEventsArrive_keepsTheInvariantInEverySnapshot_andEndsWithoutDeltas() {
    try (IngestHarness harness = IngestHarness.start("WINDROW_COMPACTION_ROWS", "7")) {
      Random random = new Random(20011);
      for (int i = 0; i < 60; i++) {
        harness.stub().append(randomBatch(random));
        Invariant.check(harness.database);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> harness.number("SELECT count(*) FROM rollup_deltas") == 0);
      Invariant.check(harness.database);
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(60 * 20);
      Invariant.Latest latest = Invariant.checkLatest(harness.database);
      assertThat(latest.known()).as("10 keys on 5 days, and in their hours").isGreaterThan(50);
      assertThat(latest.notKnown()).isZero();
    }
  }

  @Test
  void compaction_byTwoReplicasAtOnce_countsNothingTwice() {
    try (IngestHarness one = IngestHarness.start("WINDROW_COMPACTION_ROWS", "3")) {
      Map<String, String> settings = IngestHarness.settings(one.database);
      settings.put("WINDROW_COMPACTION_ROWS", "3");
      settings.put("WINDROW_COMPACTION_PAUSE", "PT0.01S");
      IngestServer two = IngestHarness.startServer(settings);
      try {
        Random random = new Random(20012);
        for (int i = 0; i < 60; i++) {
          one.stub().append(randomBatch(random));
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> one.number("SELECT count(*) FROM rollup_deltas") == 0);
        Invariant.check(one.database);
      } finally {
        two.close();
      }
    }
  }

  @Test
  void deltas_withoutCompaction_answerForTheEvents() {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_COMPACTION_PAUSE", NO_COMPACTION, "WINDROW_LANES", "1")) {
      Random random = new Random(20013);
      for (int i = 0; i < 5; i++) {
        harness.stub().append(randomBatch(random));
      }
      assertThat(harness.number("SELECT count(*) FROM rollup_deltas")).isPositive();
      Invariant.check(harness.database);
    }
  }

  @Test
  void compaction_ofRowsThatDoNotKnowTheirNewestEvent_neverKnowsAWrongOne() throws Exception {
    try (IngestHarness harness =
            IngestHarness.start("WINDROW_COMPACTION_PAUSE", NO_COMPACTION, "WINDROW_LANES", "1");
        var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      Random random = new Random(20015);
      for (int i = 0; i < 10; i++) {
        harness.stub().append(randomBatch(random));
      }
      // As a service from before this column leaves them.
      statement.execute(
          "UPDATE rollup_deltas SET latest = NULL WHERE rollup_id = 3 AND key[2] = 'e1'");
      IngestServer compacting = IngestHarness.startServer(IngestHarness.settings(harness.database));
      try {
        compacted(harness);
        Invariant.Latest before = Invariant.checkLatest(harness.database);
        assertThat(before.known()).isPositive();
        assertThat(before.notKnown()).isPositive();
        for (int i = 0; i < 10; i++) {
          harness.stub().append(randomBatch(random));
        }
        compacted(harness);
        assertThat(Invariant.checkLatest(harness.database).notKnown())
            .as("known and not known together are not known")
            .isGreaterThanOrEqualTo(before.notKnown());
        Invariant.check(harness.database);
      } finally {
        compacting.close();
      }
    }
  }

  private static void compacted(IngestHarness harness) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> harness.number("SELECT count(*) FROM rollup_deltas") == 0);
  }

  @Test
  void compaction_afterARollupWasRetired_takesWhatItLeftBehind() throws Exception {
    try (IngestHarness harness =
            IngestHarness.start("WINDROW_COMPACTION_PAUSE", NO_COMPACTION, "WINDROW_LANES", "1");
        var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      harness.stub().append(randomBatch(new Random(20014)));
      statement.execute("UPDATE rollups SET state = 'RETIRED' WHERE rollup_id = 3");
      IngestServer compacting = IngestHarness.startServer(IngestHarness.settings(harness.database));
      try {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> harness.number("SELECT count(*) FROM rollup_deltas") == 0);
      } finally {
        compacting.close();
      }
      Invariant.check(harness.database);
    }
  }

  private static AppendRequest randomBatch(Random random) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < 20; i++) {
      var event =
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(
                  Timestamp.newBuilder().setSeconds(978_307_200L + random.nextInt(5 * 86_400)))
              .setSource("s" + random.nextInt(3))
              .setType("t" + random.nextInt(2))
              .setEntityId("e" + random.nextInt(5))
              .setStatus(random.nextBoolean() ? "ok" : "")
              .setValue(random.nextInt(1000) / 8.0 - 50)
              .setAmount(random.nextLong());
      if (random.nextInt(4) == 0) {
        event.clearValue();
      }
      if (random.nextInt(4) == 0) {
        event.clearAmount();
      }
      request.addEvents(event);
    }
    return request.build();
  }
}
