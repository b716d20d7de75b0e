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
import org.junit.jupiter.api.Test;

/** Days are rebuilt over and over while events arrive, are carried, and are compacted. */
class RebuildUnderLoadIT extends RebuildCourse {
  private static final int PRODUCERS = 3;
  private static final int BATCHES = 100;

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
    ExecutorService producers = Executors.newFixedThreadPool(PRODUCERS + 1);
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
      List<CompletableFuture<Void>> ingesting = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        Random random = new Random(20_026 + i);
        ingesting.add(CompletableFuture.runAsync(() -> ingest(harness, random), producers));
      }
      CompletableFuture<Void> ingested =
          CompletableFuture.allOf(ingesting.toArray(CompletableFuture[]::new));
      CompletableFuture<Integer> snapshots =
          CompletableFuture.supplyAsync(() -> check(harness, ingested), producers);

      Seen seen = new Seen();
      for (int run = 1; !ingested.isDone(); run++) {
        seen.add(day(harness, DAY.plusDays(run % DAYS - 1), RebuildMode.REPLACE_ALWAYS, run));
      }
      ingested.get();

      assertThat(snapshots.get()).isGreaterThan(10);
      patiently().until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
      Invariant.check(harness.database);
      assertThat(Invariant.checkLatest(harness.database).notKnown()).isZero();
      assertThat(wrong(harness)).isZero();
      assertThat(seen.differing).as("nothing was wrong at any time").isZero();
      assertThat(seen.days).isGreaterThan(5);
      assertThat(seen.unfolded).as("rebuilds that met noted batches").isPositive();
      assertThat(seen.deltas).as("deltas that were taken").isPositive();
    } finally {
      producers.shutdownNow();
    }
  }

  private static void ingest(IngestHarness harness, Random random) {
    for (int i = 0; i < BATCHES; i++) {
      int events = 100 + random.nextInt(600);
      assertThat(harness.stub().append(randomBatch(random, events, 3_000)).getStoredCount())
          .isEqualTo(events);
    }
  }

  /** In how many snapshots everything was as it should be. */
  private static int check(IngestHarness harness, CompletableFuture<Void> until) {
    int snapshots = 0;
    while (!until.isDone()) {
      assertThat(harness.text(WRONG)).isEmpty();
      snapshots++;
    }
    return snapshots;
  }

  private static final class Seen {
    private int days;
    private int unfolded;
    private long deltas;
    private long differing;

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
