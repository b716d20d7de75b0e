package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Difference;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.ingest.recompute.RollupReport;
import dev.windrow.rollup.Grain;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A day of a rollup is verified against its events, and made anew from them. */
class RebuildIT extends RebuildCourse {
  /** Buckets, deltas and notes. */
  private static IngestHarness startMixed(Random random) {
    IngestHarness harness = start();
    for (int i = 0; i < 2; i++) {
      harness.stub().append(randomBatch(random, 1_500, 7));
    }
    compact(harness);
    for (int i = 0; i < 3; i++) {
      harness.stub().append(randomBatch(random, 2_000, 2_000));
    }
    assertThat(harness.number(NOTES)).isPositive();
    assertThat(harness.number(DELTAS)).isPositive();
    assertThat(harness.number("SELECT count(*) FROM rollup_buckets")).isPositive();
    return harness;
  }

  @Test
  void dayThatIsAsItsEventsSay_hasNoDifference_andIsNotWritten() {
    try (IngestHarness harness = startMixed(new Random(1))) {
      assertThat(wrong(harness)).isZero();
      String before = harness.text(BUCKETS);

      DayReport report = day(harness, DAY, RebuildMode.REPLACE, 1);

      assertThat(report.rollups())
          .extracting(rollup -> rollup.replacement().replaced())
          .containsExactly(false, false, false);
      assertThat(report.rollups().get(2).findings().unfoldedEvents()).isPositive();
      assertThat(report.rollups().get(0).findings().compared())
          .containsOnlyKeys(Grain.MINUTE, Grain.HOUR, Grain.DAY);
      assertThat(harness.text(BUCKETS)).isEqualTo(before);
      assertThat(harness.number("SELECT count(*) FROM rollup_buckets WHERE run_id IS NOT NULL"))
          .isZero();
      assertThat(harness.number("SELECT sum(event_count) FROM recompute_runs WHERE run_id = 1"))
          .isEqualTo(
              report.rollups().stream().mapToLong(rollup -> rollup.findings().events()).sum());
    }
  }

  @Test
  void whateverIsWrong_isFound_andMended() {
    Random random = new Random(2);
    try (IngestHarness harness = startMixed(random)) {
      long run = 0;
      for (Corruption corruption : Corruption.ALL) {
        run++;
        // Deltas for those that want them.
        harness.stub().append(randomBatch(random, 1_000, 7));
        execute(harness, corruption.sql());

        DayReport found = day(harness, DAY, RebuildMode.VERIFY, run);
        DayReport mended = day(harness, DAY, RebuildMode.REPLACE, run);

        assertThat(found.rollups())
            .as(corruption.sql())
            .allSatisfy(rollup -> told(rollup, corruption));
        assertThat(mended.rollups())
            .filteredOn(rollup -> rollup.replacement().replaced())
            .as(corruption.sql())
            .extracting(RollupReport::rollupId)
            .containsExactly(corruption.rollup());
        DayReport after = day(harness, DAY, RebuildMode.VERIFY, run);
        assertThat(after.differing() + after.incomplete()).as(corruption.sql()).isZero();
        if (run % 5 == 0) {
          Invariant.check(harness.database);
          assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
        }
        assertThat(
                harness.number(
                    "SELECT count(*) FROM rollup_buckets WHERE start_at >= '2001-01-02Z'"
                        + " AND start_at < '2001-01-03Z' AND run_id = "
                        + run))
            .as("lineage")
            .isEqualTo(
                harness.number(
                    "SELECT sum(bucket_count) FROM recompute_runs WHERE day = '2001-01-02'"
                        + " AND run_id = "
                        + run))
            .isPositive();
      }
      assertThat(harness.number(NOTES)).as("they stay").isPositive();
      compact(harness);
      Invariant.check(harness.database);
      assertThat(wrong(harness)).isZero();
    }
  }

  private static void told(RollupReport rollup, Corruption corruption) {
    if (rollup.rollupId() == corruption.rollup()) {
      assertThat(rollup.findings().differing()).isPositive();
      assertThat(rollup.findings().first())
          .flatMap(Difference::fields)
          .extracting(Difference.Field::name)
          .contains(corruption.field());
    } else {
      assertThat(rollup.findings().differing()).as(rollup.name()).isZero();
    }
  }

  @Test
  void rebuild_makesTheBytesThatCompactionMade() {
    try (IngestHarness harness = start()) {
      Random random = new Random(3);
      for (int i = 0; i < 10; i++) {
        harness.stub().append(randomBatch(random, 300, 900));
      }
      harness.server.close();
      compact(harness);
      assertThat(harness.number(NOTES)).isZero();
      String compacted = harness.text(BUCKETS);

      for (int i = 0; i < DAYS; i++) {
        day(harness, LocalDate.parse("2001-01-01").plusDays(i), RebuildMode.REPLACE_ALWAYS, 7);
      }

      assertThat(harness.text(BUCKETS)).isEqualTo(compacted);
      assertThat(harness.number("SELECT count(*) FROM rollup_buckets WHERE run_id IS NULL"))
          .isZero();
    }
  }

  /** As services from before these columns have left them. */
  @Test
  void rowsThatDoNotKnow_areIncompleteAndNotWrong_andLearn() {
    try (IngestHarness harness = startMixed(new Random(4))) {
      execute(
          harness,
          "UPDATE rollup_buckets SET latest = NULL, value_squares = NULL WHERE start_at >= '2001-01-02Z'");
      execute(harness, "UPDATE rollup_deltas SET latest = NULL WHERE rollup_id = 3");

      DayReport found = day(harness, DAY, RebuildMode.VERIFY, 1);
      DayReport learned = day(harness, DAY, RebuildMode.REPLACE, 1);

      assertThat(found.differing()).isZero();
      assertThat(found.incomplete()).isPositive();
      assertThat(learned.incomplete()).isEqualTo(found.incomplete());
      DayReport after = day(harness, DAY, RebuildMode.VERIFY, 2);
      assertThat(after.differing() + after.incomplete()).isZero();
      Invariant.check(harness.database);
    }
  }

  @Test
  void coarseSpans_areKeptAsTheyAre() {
    try (IngestHarness harness = startMixed(new Random(5))) {
      compact(harness);
      execute(
          harness,
          "INSERT INTO coarse_spans VALUES (1, 1, 2, '2001-01-02T05:00Z'), (1, 2, 3, '2001-01-02Z'),"
              + " (1, 3, 3, '2001-01-02Z')");
      DayReport found = day(harness, DAY, RebuildMode.VERIFY, 1);
      DayReport replaced = day(harness, DAY, RebuildMode.REPLACE_ALWAYS, 1);

      assertThat(found.differing()).as("finer rows say nothing").isZero();
      assertThat(replaced.rollups().get(1).findings().compared()).containsOnlyKeys(Grain.DAY);
      assertThat(
              harness.number(
                  "SELECT count(*) FROM rollup_buckets WHERE start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z'"
                      + " AND (rollup_id = 1 AND grain = 1 AND date_trunc('hour', start_at) = '2001-01-02T05:00Z'"
                      + " OR rollup_id <> 1 AND grain < 3)"))
          .isZero();
      Invariant.check(harness.database);
      assertThat(wrong(harness)).isZero();
      assertThat(harness.number("SELECT count(*) FROM coarse_spans")).isEqualTo(3);
    }
  }

  @Test
  void dayWhoseEventsAreLetGo_isRefused() {
    try (IngestHarness harness = startMixed(new Random(6))) {
      execute(harness, "INSERT INTO retention_horizons VALUES (1, 'raw', '2001-01-03Z')");
      execute(harness, "DELETE FROM events WHERE occurred_at < '2001-01-03Z'");
      String before = harness.text(BUCKETS);
      for (RebuildMode mode : RebuildMode.values()) {
        DayReport report = day(harness, DAY, mode, 1);
        assertThat(report.outcome()).isEqualTo(DayReport.Outcome.EVENTS_NOT_KEPT);
        assertThat(report.rollups()).isEmpty();
      }
      assertThat(harness.text(BUCKETS)).isEqualTo(before);
      assertThat(day(harness, DAY.plusDays(1), RebuildMode.REPLACE_ALWAYS, 1).outcome())
          .isEqualTo(DayReport.Outcome.DONE);
      assertThat(locks(harness, true)).isZero();
    }
  }

  @Test
  void grainsThatAreLetGo_areNeitherMissedNorWritten() {
    try (IngestHarness harness = startMixed(new Random(7))) {
      execute(harness, "INSERT INTO retention_horizons VALUES (1, 'minute', '2001-02-01Z')");
      execute(harness, "DELETE FROM rollup_buckets WHERE grain = 1");

      DayReport report = day(harness, DAY, RebuildMode.REPLACE_ALWAYS, 1);

      assertThat(report.differing()).isZero();
      assertThat(report.rollups())
          .allSatisfy(
              rollup ->
                  assertThat(rollup.findings().compared()).containsOnlyKeys(Grain.HOUR, Grain.DAY));
      assertThat(
              harness.number(
                  "SELECT count(*) FROM rollup_buckets WHERE grain = 1 AND start_at < '2001-01-03Z'"))
          .isZero();
      assertThat(wrong(harness)).isZero();
    }
  }

  @Test
  void oneRollup_isRebuiltAlone_andAnUnknownOneIsRefused() {
    try (IngestHarness harness = startMixed(new Random(8))) {
      execute(harness, "UPDATE rollup_buckets SET event_count = event_count + 1");

      DayReport report = got(rebuild(harness).day(DAY, Set.of(2), RebuildMode.REPLACE, 1));

      assertThat(report.rollups()).extracting(RollupReport::rollupId).containsExactly(2);
      assertThat(day(harness, DAY, RebuildMode.VERIFY, 1).rollups())
          .extracting(rollup -> rollup.findings().differing() > 0)
          .containsExactly(true, false, true);
      assertThatThrownBy(() -> got(rebuild(harness).day(DAY, Set.of(2, 9), RebuildMode.VERIFY, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("active or being built");
    }
  }

  @Test
  void days_areThoseWithEventsBucketsOrDeltas() {
    try (IngestHarness harness = start()) {
      harness.stub().append(randomBatch(new Random(9), 100, 5));
      execute(harness, "DELETE FROM events WHERE occurred_at >= '2001-01-03Z'");
      List<LocalDate> found =
          rebuild(harness)
              .days(LocalDate.parse("1999-01-01"), LocalDate.parse("2002-01-01"))
              .collectList()
              .block(Duration.ofSeconds(20));
      assertThat(found).containsExactly(DAY.minusDays(1), DAY, DAY.plusDays(1));
      compact(harness);
      assertThat(rebuild(harness).days(DAY.plusDays(1), DAY.plusDays(9)).collectList().block())
          .containsExactly(DAY.plusDays(1));
      assertThat(rebuild(harness).days(DAY, DAY.plusDays(1)).collectList().block())
          .containsExactly(DAY);
    }
  }

  @Test
  void snapshot_isTakenAfterTheCompactorHasEnded() throws Exception {
    try (IngestHarness harness = startMixed(new Random(10));
        Connection compactor = harness.database.connect();
        Statement statement = compactor.createStatement()) {
      statement.execute("BEGIN");
      statement.execute(
          "SELECT pg_advisory_xact_lock(%d, 1)".formatted(AdvisoryLock.COMPACTION.classId()));
      assertThat(day(harness, DAY, RebuildMode.VERIFY, 1).differing())
          .as("to verify waits for nobody")
          .isZero();
      CompletableFuture<DayReport> waiting =
          rebuild(harness).day(DAY, Set.of(1), RebuildMode.REPLACE, 1).toFuture();
      patiently().until(() -> locks(harness, false) == 1);
      statement.execute("UPDATE rollup_buckets SET event_count = event_count + 1");
      statement.execute("COMMIT");

      assertThat(waiting.get().differing()).isPositive();
      assertThat(got(rebuild(harness).day(DAY, Set.of(1), RebuildMode.VERIFY, 1)).differing())
          .isZero();
    }
  }

  @Test
  void cancelled_whileItWrites_leavesNoLockAndNoChange() throws Exception {
    try (IngestHarness harness = startMixed(new Random(11));
        Connection holder = harness.database.connect();
        Statement statement = holder.createStatement()) {
      execute(
          harness,
          "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN PERFORM pg_advisory_xact_lock(77); RETURN NEW; END'");
      execute(
          harness,
          "CREATE TRIGGER wait BEFORE INSERT ON rollup_buckets_day FOR EACH ROW EXECUTE FUNCTION wait()");
      statement.execute("SELECT pg_advisory_lock(77)");
      String buckets = harness.text(BUCKETS);
      long deltas = harness.number(DELTAS);

      Disposable running =
          rebuild(harness)
              .day(DAY, Set.of(), RebuildMode.REPLACE_ALWAYS, 1)
              .subscribe(done -> {}, error -> {});
      patiently()
          .until(
              () ->
                  harness.number("SELECT count(*) FROM pg_locks WHERE NOT granted AND objid = 77")
                      == 1);
      assertThat(locks(harness, true)).isEqualTo(1);
      running.dispose();

      patiently().until(() -> locks(harness, true) == 0);
      assertThat(harness.text(BUCKETS)).isEqualTo(buckets);
      assertThat(harness.number(DELTAS)).isEqualTo(deltas);
      assertThat(harness.number("SELECT count(*) FROM recompute_runs")).isZero();
      patiently().until(() -> sessions(harness) == 0);
    }
  }

  @Test
  void cancelled_whileItWaitsForTheCompactor_waitsNoMore() throws Exception {
    try (IngestHarness harness = startMixed(new Random(12));
        Connection holder = harness.database.connect();
        Statement statement = holder.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(%d, 1)".formatted(AdvisoryLock.COMPACTION.classId()));
      Disposable running =
          rebuild(harness)
              .day(DAY, Set.of(), RebuildMode.REPLACE_ALWAYS, 1)
              .subscribe(done -> {}, error -> {});
      patiently().until(() -> locks(harness, false) == 1);

      running.dispose();

      patiently().until(() -> locks(harness, false) == 0 && sessions(harness) == 0);
    }
  }

  private static long sessions(IngestHarness harness) {
    return harness.number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rebuild'"
            + " AND datname = current_database()");
  }
}
