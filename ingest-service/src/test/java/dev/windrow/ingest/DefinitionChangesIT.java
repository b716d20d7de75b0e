package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Rollups come and go while two replicas take events: as many as there are snapshots to look at, so
 * that the traffic follows the test and not the machine.
 */
@Tag("minutes")
class DefinitionChangesIT extends RebuildCourse {
  private static final int CHANGES = 20;
  private static final int APPENDS_PER_SNAPSHOT = 4;

  // Of each rollup that questions are answered from: what it tells of all events, in one snapshot.
  private static final String WRONG =
      """
      SELECT coalesce(string_agg(r.name || ' tells ' || told || ' of ' || there, ', '), '')
      FROM rollups r
      CROSS JOIN LATERAL (
        SELECT (SELECT coalesce(sum(event_count), 0) FROM rollup_buckets b WHERE b.rollup_id = r.rollup_id AND grain = 3)
          + (SELECT coalesce(sum(event_count), 0) FROM rollup_deltas d WHERE d.rollup_id = r.rollup_id)
          + (SELECT count(*) FROM events JOIN unfolded_batches u USING (batch_id) WHERE u.rollup_id = r.rollup_id)
          AS told
      ) AS sums
      CROSS JOIN (SELECT count(*) AS there FROM events) AS e
      WHERE r.state = 'ACTIVE' AND told <> there
      """;

  private static final List<List<Dimension>> DIMENSIONS =
      List.of(
          List.of(Dimension.parse("attributes.region")),
          List.of(Dimension.parse("source"), Dimension.parse("entity_id")),
          List.of(Dimension.parse("status"), Dimension.parse("attributes.region")));

  @Test
  void rollupsThatComeAndGo_underLoadOnTwoReplicas_loseAndDoubleNothing() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    String[] settings = {
      "WINDROW_LANES", "2", "WINDROW_UNFOLDED_TIME", "PT0.5S", "WINDROW_FLUSH_INTERVAL", "PT0S"
    };
    try (IngestHarness one = IngestHarness.start(settings);
        IngestHarness other = IngestHarness.beside(one, settings)) {
      AtomicBoolean enough = new AtomicBoolean();
      AtomicLong sent = new AtomicLong();
      AtomicInteger snapshots = new AtomicInteger();
      Semaphore permits = new Semaphore(APPENDS_PER_SNAPSHOT);
      List<CompletableFuture<Void>> others = new ArrayList<>();
      for (IngestHarness replica : List.of(one, other)) {
        Random random = new Random(replica == one ? 51 : 52);
        others.add(
            CompletableFuture.runAsync(
                () -> ingest(replica, random, sent, permits, enough), threads));
      }
      others.add(CompletableFuture.runAsync(() -> check(one, snapshots, permits, enough), threads));

      RollupLife life = new RollupLife(factory(one), 1, Set.of(), thread());
      for (int change = 0; change < CHANGES; change += 2) {
        assertThat(others).noneMatch(CompletableFuture::isDone);
        List<Dimension> dimensions = DIMENSIONS.get(change / 2 % DIMENSIONS.size());
        int rollup =
            got(life.create("extra " + change, dimensions, EnumSet.of(Grain.HOUR, Grain.DAY)));
        assertThat(got(life.build(rollup, change)).isActive()).isTrue();
        // Some snapshots with it.
        int before = snapshots.get();
        patiently().until(() -> snapshots.get() > before + 1 || others.get(2).isDone());
        assertThat(got(life.retire(rollup))).isTrue();
      }
      int last = got(life.create("stays", DIMENSIONS.get(0), EnumSet.allOf(Grain.class)));
      got(life.build(last, CHANGES));
      enough.set(true);
      for (CompletableFuture<Void> each : others) {
        each.get();
      }

      // What lanes have forgotten at a change is folded by compaction after a while.
      execute(one, "UPDATE unfolded_batches SET noted_at = noted_at - interval '1 hour'");
      patiently().until(() -> one.number(NOTES) == 0 && one.number(DELTAS) == 0);
      assertThat(one.number("SELECT count(*) FROM events")).isEqualTo(sent.get());
      assertThat(one.text(WRONG)).isEmpty();
      assertThat(wrong(one)).isZero();
      System.out.printf(
          "definitions: changes=%d events=%d snapshots=%d%n", CHANGES, sent.get(), snapshots.get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void ingest(
      IngestHarness replica,
      Random random,
      AtomicLong sent,
      Semaphore permits,
      AtomicBoolean enough) {
    while (!enough.get()) {
      permits.acquireUninterruptibly();
      int events = 50 + random.nextInt(100);
      assertThat(replica.stub().append(randomBatch(random, events, 300)).getStoredCount())
          .isEqualTo(events);
      sent.addAndGet(events);
    }
  }

  /** Counts the snapshots in which every rollup told of every event once. */
  private static void check(
      IngestHarness harness, AtomicInteger snapshots, Semaphore permits, AtomicBoolean enough) {
    while (!enough.get()) {
      assertThat(harness.text(WRONG)).isEmpty();
      snapshots.incrementAndGet();
      permits.release(APPENDS_PER_SNAPSHOT);
    }
    // Whoever waits for one more.
    permits.release(APPENDS_PER_SNAPSHOT);
  }
}
