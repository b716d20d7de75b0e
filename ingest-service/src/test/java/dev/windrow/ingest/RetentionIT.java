package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What is old goes, in the course of ADR 23. */
class RetentionIT extends RetentionCourse {
  private static final String BUCKETS =
      "SELECT md5(string_agg(b::text, '|' ORDER BY b::text)) FROM rollup_buckets b";

  @Test
  void oldDays_goOnceTheyAreVerified_andBucketsStayAsTheyAre() {
    ingestOldDays();
    String buckets = keeping.text(BUCKETS);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(4));

      assertThat(exists(6) || exists(5)).isFalse();
      assertThat(horizon("raw")).isEqualTo(today.minusDays(3).toString());
      assertThat(keeping.number("SELECT count(*) FROM events")).isEqualTo(10);
      assertThat(keeping.text(BUCKETS)).isEqualTo(buckets);
      assertThat(stored(retaining, 5)).isZero();
    }
    try (IngestHarness later = IngestHarness.beside(keeping)) {
      AppendResponse response = later.stub().append(events(5, 1).addEvents(event(1)).build());

      assertThat(response.getStoredCount()).isEqualTo(1);
      assertThat(response.getRejectionsList())
          .singleElement()
          .extracting(Rejection::getReason)
          .isEqualTo(RejectionReason.REJECTION_REASON_TOO_OLD);
    }
  }

  @Test
  void dayWithAWrongBucket_stays_andLaterOnesWithIt_untilItIsRepaired() {
    ingestOldDays();
    String where =
        " WHERE rollup_id = 2 AND grain = 3 AND start_at = '%sZ'".formatted(today.minusDays(5));
    execute("UPDATE rollup_buckets SET event_count = event_count + 1" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();
      assertThat(horizon("raw")).isEqualTo(today.minusDays(5).toString());

      execute("UPDATE rollup_buckets SET event_count = event_count - 1" + where);

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  /** As a service of the version before leaves it. */
  @Test
  void dayOfWhichOnlyEventsKnowTheNewest_stays() {
    ingestOldDays();
    String where =
        " WHERE b.rollup_id = 3 AND b.grain = 3 AND b.start_at = '%sZ'"
            .formatted(today.minusDays(5));
    execute("CREATE TABLE known AS SELECT key, latest FROM rollup_buckets b" + where);
    execute("UPDATE rollup_buckets b SET latest = NULL" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();

      execute(
          "UPDATE rollup_buckets b SET latest = known.latest FROM known"
              + where
              + " AND b.key = known.key");

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void dayWithAnUnfoldedBatch_stays_untilItIsFolded() {
    ingestOldDays();
    noteUnfolded(5);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();

      execute("DELETE FROM unfolded_batches WHERE batch_id = 1000000000");

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void snapshotFromBefore_stillReadsEverything_andHoldsTheDropBack() throws Exception {
    ingestOldDays();
    try (Connection reader = keeping.database.connect();
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      assertThat(number(statement, "SELECT count(*) FROM tenants")).isEqualTo(1);
      try (IngestHarness retaining = retaining()) {
        patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
        awaitRounds(3);

        assertThat(stored(retaining, 0)).isEqualTo(1);
        assertThat(number(statement, "SELECT count(*) FROM events")).isEqualTo(40);
        assertThat(exists(6) && exists(5) && exists(4)).isTrue();

        statement.execute("COMMIT");
        patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      }
    }
  }

  @Test
  void interruptedDetach_isFinalized_andNobodyWaitedForIt() throws Exception {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    try (Connection reader = keeping.database.connect();
        Statement reads = reader.createStatement()) {
      reads.execute("BEGIN");
      assertThat(number(reads, "SELECT count(*) FROM events")).isEqualTo(40);
      leavePending(5);

      try (IngestHarness retaining = retaining()) {
        awaitRounds(3);
        assertThat(pending()).isEqualTo(1);
        assertThat(stored(retaining, 0)).isEqualTo(1);
        assertThat(retaining.number("SELECT count(*) FROM events")).isEqualTo(42 - 10);

        reads.execute("COMMIT");
        patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
        assertThat(pending()).isZero();
      }
    }
  }

  @Test
  void detachedDay_whoseEventsAreNotFolded_isTakenBackUntilTheyAre() {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    execute("ALTER TABLE events DETACH PARTITION " + name(5));
    noteUnfolded(5);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(4));
      patiently().until(() -> retaining.number("SELECT count(*) FROM events") == 20);

      execute("DELETE FROM unfolded_batches WHERE batch_id = 1000000000");

      patiently().until(() -> !exists(5));
    }
  }

  @Test
  void whoIsNotTheKeeper_learnsTheHorizon_andDropsNothing() throws Exception {
    ingestOldDays();
    try (Connection connection = keeping.database.connect();
        Statement keeper = connection.createStatement();
        IngestHarness one = IngestHarness.beside(keeping, "WINDROW_RETENTION_PAUSE", "PT0.05S");
        IngestHarness two = retaining()) {
      keeper.execute("SELECT pg_advisory_lock(%d, 0)".formatted(AdvisoryLock.RETENTION.classId()));
      execute(
          "INSERT INTO retention_horizons VALUES (1, 'raw', '%sZ')".formatted(today.minusDays(3))
              + " ON CONFLICT DO NOTHING");
      patiently().until(() -> stored(one, 5) == 0);
      long days =
          keeping.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass");

      keeper.execute(
          "SELECT pg_advisory_unlock(%d, 0)".formatted(AdvisoryLock.RETENTION.classId()));

      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      assertThat(days).isPositive();
      assertThat(two.serving()).isTrue();
    }
  }

  @Test
  void eventThatComesAfterItsDayHasGone_isCounted_andGoes() {
    ingestOldDays();
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));

      // This one has not heard of the horizon, and thinks that the partition is there.
      assertThat(stored(keeping, 5)).isEqualTo(1);

      patiently().until(() -> !exists(5));
      awaitCompacted();
      assertThat(
              retaining.number(
                  "SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 1 AND grain = 3"))
          .isEqualTo(41);
    }
  }
}
