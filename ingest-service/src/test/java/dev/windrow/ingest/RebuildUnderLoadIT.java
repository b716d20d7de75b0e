package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.ingest.recompute.RollupReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Days are rebuilt over and over while events arrive, are carried, and are compacted. */
@Tag("minutes")
class RebuildUnderLoadIT extends RebuildCourse {
  private static final int PRODUCERS = 2;
  private static final int SNAPSHOTS = 5;
  private static final int MOST_RUNS = 100;

  // Of each rollup, grain and type (the first of their dimensions): what is told and what is so.
  // Not of
  // hours by entity, which are not kept where there are about as many as events.
  private static final String WRONG =
      """
      WITH grains (rollup_id, grain) AS (
        VALUES (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 3)
      ), told AS (
        SELECT rollup_id, grain, type, day, sum(n) AS n, sum(amount) AS amount
        FROM (
          SELECT rollup_id, grain, key[1] AS type, date_trunc('day', start_at, 'UTC') AS day, event_count AS n,
            amount_sum AS amount
          FROM rollup_buckets JOIN grains USING (rollup_id, grain)
          UNION ALL
          SELECT rollup_id, g.grain, key[1], date_trunc('day', start_at, 'UTC'), event_count, amount_sum
          FROM rollup_deltas JOIN grains g USING (rollup_id)
          UNION ALL
          SELECT rollup_id, grain, type, date_trunc('day', occurred_at, 'UTC'), 1, coalesce(amount, 0)
          FROM events JOIN unfolded_batches USING (batch_id) JOIN grains USING (rollup_id)
        ) AS parts
        GROUP BY 1, 2, 3, 4
      ), raw AS (
        SELECT rollup_id, grain, type, day, n, amount
        FROM grains CROSS JOIN (
          SELECT type, date_trunc('day', occurred_at, 'UTC') AS day, count(*) AS n, coalesce(sum(amount), 0) AS amount
          FROM events GROUP BY 1, 2
        ) AS e
      )
      SELECT coalesce(string_agg(raw::text || ' is told as ' || told::text, ', '), '')
      FROM raw FULL JOIN told USING (rollup_id, grain, type, day)
      WHERE (raw.n, raw.amount) IS DISTINCT FROM (told.n, told.amount)
      """;

  @Test
  void rebuilds_whileEventsArriveAndAreCompacted_keepEverySnapshotExact() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS + 1);
    try (IngestHarness harness =
        IngestHarness.start(
            "WINDROW_LANES",
            "2",
            "WINDROW_LIGHT_BYTES",
            "0",
            "WINDROW_UNFOLDED_TIME",
            "PT0.5S",
            "WINDROW_COMPACTION_ROWS",
            "500",
            "WINDROW_COMPACTION_PAUSE",
            "PT0.01S",
            "WINDROW_FLUSH_INTERVAL",
            "PT0S")) {
      AtomicBoolean enough = new AtomicBoolean();
      AtomicInteger snapshots = new AtomicInteger();
      List<CompletableFuture<Void>> others = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        Random random = new Random(20_026 + i);
        others.add(CompletableFuture.runAsync(() -> ingest(harness, random, enough), threads));
      }
      others.add(CompletableFuture.runAsync(() -> check(harness, snapshots, enough), threads));

      Seen seen = new Seen();
      for (int run = 1; !seen.isEnough() || snapshots.get() < SNAPSHOTS; run++) {
        assertThat(run).as("runs").isLessThan(MOST_RUNS);
        assertThat(others).noneMatch(CompletableFuture::isDone);
        seen.add(day(harness, DAY.plusDays(run % DAYS - 1), RebuildMode.REPLACE_ALWAYS, run));
      }
      enough.set(true);
      for (CompletableFuture<Void> other : others) {
        other.get();
      }

      patiently().until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
      assertThat(wrong(harness)).isZero();
      assertThat(seen.differing).as("nothing was wrong at any time").isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void ingest(IngestHarness harness, Random random, AtomicBoolean enough) {
    while (!enough.get()) {
      int events = 100 + random.nextInt(600);
      assertThat(harness.stub().append(randomBatch(random, events, 1_000)).getStoredCount())
          .isEqualTo(events);
    }
  }

  /** Counts in how many snapshots everything was as it should be. */
  private static void check(IngestHarness harness, AtomicInteger snapshots, AtomicBoolean enough) {
    while (!enough.get()) {
      assertThat(harness.text(WRONG)).isEmpty();
      snapshots.incrementAndGet();
    }
  }

  private static final class Seen {
    private int days;
    private int unfolded;
    private long deltas;
    private long differing;

    /** Each day several times, and with deltas and noted batches there. */
    boolean isEnough() {
      return days >= 2 * DAYS && unfolded > 0 && deltas > 0;
    }

    void add(DayReport report) {
      assertThat(report.outcome()).isEqualTo(DayReport.Outcome.DONE);
      days++;
      differing += report.differing();
      for (RollupReport rollup : report.rollups()) {
        assertThat(rollup.replacement().replaced()).isTrue();
        unfolded += rollup.findings().unfoldedEvents() > 0 ? 1 : 0;
        deltas += rollup.replacement().deltas();
      }
    }
  }
}
