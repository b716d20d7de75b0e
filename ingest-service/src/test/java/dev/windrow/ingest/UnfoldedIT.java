package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.v1.AppendRequest;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The delta's second form, and spans without fine buckets, in the database. */
class UnfoldedIT {
  private static final String NEVER = "PT1H";
  private static final long DAY = 978_307_200L;
  private static final String NOTES = "SELECT count(*) FROM unfolded_batches";
  private static final String DELTAS = "SELECT count(*) FROM rollup_deltas";

  /** About as many entities as events. */
  private static AppendRequest manyEntities(Random random, long from, long to) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < 3_000; i++) {
      request.addEvents(
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(Timestamp.newBuilder().setSeconds(from + i * (to - from) / 3_000))
              .setEntityId("e" + random.nextInt(3_000))
              .setValue(random.nextInt(1000) / 8.0)
              .setAmount(random.nextInt()));
    }
    return request.build();
  }

  private static AppendRequest manyEntities(Random random) {
    return manyEntities(random, DAY, DAY + 60);
  }

  private static IngestHarness start(String unfoldedTime, String compactionPause) {
    return IngestHarness.start(
        "WINDROW_LANES",
        "1",
        "WINDROW_UNFOLDED_TIME",
        unfoldedTime,
        "WINDROW_COMPACTION_PAUSE",
        compactionPause,
        "WINDROW_RUN_EVENTS",
        "2000");
  }

  @Test
  void unfoldedBatches_answerForTheirEvents_untilTheLaneFoldsThem() {
    try (IngestHarness harness = start("PT0.3S", "PT0.05S")) {
      Random random = new Random(1);
      for (int i = 0; i < 20; i++) {
        harness.stub().append(manyEntities(random));
        Invariant.check(harness.database);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(harness.number("SELECT count(*) FROM events WHERE run")).isEqualTo(60_000);
    }
  }

  @Test
  void whatALaneHandsOver_goesToTheBuckets_withoutDeltaRows() throws Exception {
    try (IngestHarness harness = start("PT2S", "PT0.05S");
        var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      Random random = new Random(6);
      harness.stub().append(manyEntities(random));
      // The first flush cannot know; from here on, whatever writes a delta of this rollup fails.
      await().atMost(Duration.ofSeconds(30)).until(() -> harness.number(DELTAS) == 0);
      statement.execute("ALTER TABLE rollup_deltas ADD CHECK (rollup_id <> 3)");
      for (int i = 0; i < 10; i++) {
        assertThat(harness.stub().append(manyEntities(random)).getStoredCount()).isEqualTo(3_000);
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(
              harness.number(
                  "SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 3 AND grain = 3"))
          .isEqualTo(33_000);
      assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
    }
  }

  @Test
  void close_foldsWhatIsCarried() {
    try (IngestHarness harness = start(NEVER, NEVER)) {
      Random random = new Random(2);
      for (int i = 0; i < 3; i++) {
        harness.stub().append(manyEntities(random));
      }
      assertThat(harness.number(NOTES)).isEqualTo(2);
      Invariant.check(harness.database);
      harness.server.close();
      assertThat(harness.number(NOTES)).isZero();
      Invariant.check(harness.database);
    }
  }

  @Test
  void orphans_areFoldedFromTheirEvents() throws Exception {
    try (IngestHarness harness = start(NEVER, NEVER);
        var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      Random random = new Random(3);
      for (int i = 0; i < 3; i++) {
        harness.stub().append(manyEntities(random));
      }
      // As if the lane had died long ago. It lives, though, and will find its notes gone.
      statement.execute("UPDATE unfolded_batches SET noted_at = noted_at - interval '1 hour'");
      IngestServer other = IngestHarness.startServer(IngestHarness.settings(harness.database));
      try {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      } finally {
        other.close();
      }
      Invariant.check(harness.database);
      harness.stub().append(manyEntities(random));
      harness.server.close();
      Invariant.check(harness.database);
      assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(12_000);
    }
  }

  @Test
  void aBatchThatSomebodyElseHasFolded_isNotFoldedAgain() throws Exception {
    try (IngestHarness harness = start(NEVER, NEVER);
        var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      Random random = new Random(4);
      for (int i = 0; i < 3; i++) {
        harness.stub().append(manyEntities(random));
      }
      // The lane's next transaction settles because of this bound, and must fail and try again.
      statement.execute("DELETE FROM unfolded_batches WHERE batch_id = 2");
      statement.execute(
          "INSERT INTO rollup_deltas SELECT 1, 3, 3, date_trunc('day', occurred_at, 'UTC'),"
              + " ARRAY[type, entity_id], 1, count(value) OVER (PARTITION BY batch_index), value, value,"
              + " value, amount, '', '' FROM events WHERE batch_id = 2");
      harness.server.close();
      Invariant.check(harness.database);
      assertThat(harness.number(NOTES)).as("left for the compactor").isEqualTo(1);
    }
  }

  @Test
  void sparseHistory_keepsNoFineBuckets_andStaysWhole() {
    try (IngestHarness harness = start("PT0.2S", "PT0.05S")) {
      Random random = new Random(5);
      for (int day = 0; day < 4; day++) {
        for (int part = 0; part < 4; part++) {
          long from = DAY + day * 86_400L + part * 21_600L;
          harness.stub().append(manyEntities(random, from, from + 21_600));
          Invariant.check(harness.database);
        }
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(harness.number("SELECT count(*) FROM coarse_spans WHERE rollup_id = 3"))
          .isGreaterThanOrEqualTo(2);
      assertThat(
              harness.number(
                  "SELECT count(*) FROM rollup_buckets WHERE rollup_id = 3 AND grain = 2"
                      + " AND start_at >= '2001-01-04Z'"))
          .isZero();
      assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
    }
  }

  @Test
  void denseHistory_inSmallFlushesWithLateEvents_keepsItsFineBuckets() {
    try (IngestHarness harness = start("PT0.2S", "PT0.05S")) {
      Random random = new Random(6);
      // Badly folding ones first: from then on the lane carries the rollup by entity.
      harness.stub().append(manyEntities(random));
      harness.stub().append(manyEntities(random));
      for (int hour = 24; hour < 48; hour++) {
        harness.stub().append(twentyEntities(random, DAY + hour * 3_600L));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(harness.number("SELECT count(*) FROM coarse_spans")).isZero();
    }
  }

  /** An hour of events, 50 for each entity, and a few late ones of its day. */
  private static AppendRequest twentyEntities(Random random, long hour) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < 1_030; i++) {
      long ofDay = (hour - DAY) % 86_400;
      long at =
          i < 1_000 ? hour + i * 3_600L / 1_000 : hour - ofDay + random.nextInt((int) ofDay + 1);
      request.addEvents(
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(Timestamp.newBuilder().setSeconds(at))
              .setEntityId("e" + random.nextInt(20)));
    }
    return request.build();
  }
}
