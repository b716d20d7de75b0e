package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.recompute.BuildReport;
import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import java.sql.Connection;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rollups come and go while events arrive. */
class RollupLifeIT extends RebuildCourse {
  private static final List<Dimension> DIMENSIONS =
      List.of(Dimension.SOURCE, Dimension.attribute("region"));

  // Of each key and hour or day: what the buckets say, and what is so.
  private static final String WRONG =
      """
      SELECT count(*)
      FROM (
        SELECT grain, key, start_at, event_count AS n, amount_sum AS amount FROM rollup_buckets
        WHERE rollup_id = 4
      ) AS told
      FULL JOIN (
        SELECT g.grain, ARRAY[source, coalesce(attributes ->> 'region', '')] AS key,
          date_trunc(g.name, occurred_at, 'UTC') AS start_at, count(*) AS n, coalesce(sum(amount), 0) AS amount
        FROM events CROSS JOIN (VALUES ('hour', 2), ('day', 3)) AS g (name, grain)
        GROUP BY 1, 2, 3
      ) AS raw USING (grain, key, start_at)
      WHERE (told.n, told.amount) IS DISTINCT FROM (raw.n, raw.amount)
      """;

  private RollupLife life(IngestHarness harness) {
    return new RollupLife(factory(harness), 1, Set.of(), thread());
  }

  @Test
  void rollup_thatIsBuiltWhileEventsArrive_saysWhatTheySay_andLeavesNothingWhenItRetires() {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_LANES", "2", "WINDROW_UNFOLDED_TIME", "PT0.5S")) {
      Random random = new Random(41);
      for (int i = 0; i < 5; i++) {
        harness.stub().append(randomBatch(random, 1_000, 300));
      }
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<Void> ingesting = ingest(harness, enough);

      int rollup =
          got(life(harness).create("by region", DIMENSIONS, EnumSet.of(Grain.HOUR, Grain.DAY)));
      assertThat(state(harness)).isEqualTo("BUILDING");
      BuildReport report = got(life(harness).build(rollup, 1));
      awaitMore(harness);
      enough.set(true);
      ingesting.join();

      assertThat(rollup).isEqualTo(4);
      assertThat(report.isActive()).isTrue();
      assertThat(report.days()).isEqualTo(DAYS);
      assertThat(report.events()).isGreaterThanOrEqualTo(5_000);
      assertThat(state(harness)).isEqualTo("ACTIVE");
      settle(harness);
      assertThat(harness.number(WRONG)).isZero();
      assertThat(wrong(harness)).isZero();
      // As one does who cannot know whether he has come so far already.
      assertThat(got(life(harness).build(rollup, 2)).isActive()).isTrue();
      assertThat(
              harness.number("SELECT count(*) FROM recompute_runs WHERE run_id = 2 AND replaced"))
          .isZero();

      AtomicBoolean enoughAgain = new AtomicBoolean();
      CompletableFuture<Void> ingestingAgain = ingest(harness, enoughAgain);
      awaitMore(harness);
      assertThat(got(life(harness).retire(rollup))).isTrue();
      awaitMore(harness);
      enoughAgain.set(true);
      ingestingAgain.join();

      assertThat(got(life(harness).retire(rollup))).isFalse();
      assertThatThrownBy(() -> got(life(harness).build(rollup, 3)))
          .isInstanceOf(IllegalArgumentException.class);
      settle(harness);
      assertThat(harness.number("SELECT count(*) FROM rollup_buckets WHERE rollup_id = 4"))
          .isZero();
      assertThat(wrong(harness)).as("the others").isZero();
    }
  }

  @Test
  void rollup_isNotThere_beforeAllFlushesThatHaveBegunAreOver() throws Exception {
    try (IngestHarness harness = IngestHarness.start();
        Connection flush = harness.database.connect();
        Statement statement = flush.createStatement()) {
      statement.execute("BEGIN");
      statement.execute(
          "SELECT pg_advisory_xact_lock_shared(%d, 1)".formatted(AdvisoryLock.CATALOG.classId()));
      CompletableFuture<Integer> creating =
          life(harness).create("waits", DIMENSIONS, Set.of(Grain.DAY)).toFuture();
      patiently()
          .until(
              () ->
                  harness.number(
                          "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
                              + " AND classid = "
                              + AdvisoryLock.CATALOG.classId())
                      == 1);
      assertThat(creating).isNotDone();
      statement.execute("COMMIT");
      assertThat(creating.get()).isEqualTo(4);
    }
  }

  @Test
  void rollup_thatCannotBe_isRefused() {
    try (IngestHarness harness = IngestHarness.start()) {
      assertThatThrownBy(
              () -> got(life(harness).create("none", DIMENSIONS, EnumSet.noneOf(Grain.class))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> got(life(harness).build(9, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(got(life(harness).retire(9))).isFalse();
      int rollup = got(life(harness).create("empty", DIMENSIONS, Set.of(Grain.DAY)));
      assertThat(got(life(harness).build(rollup, 1)).isActive()).isTrue();
    }
  }

  @Test
  void rollup_ofWhichHoursWouldBeAsManyAsEvents_isBuiltByTheDayThere() {
    try (IngestHarness harness = IngestHarness.start("WINDROW_UNFOLDED_TIME", "PT0.5S")) {
      // More than are read at once. Of the second day, all are of a few entities.
      spread(harness, 0, 5_000);
      spread(harness, 1, 5);
      RollupLife life =
          new RollupLife(factory(harness), 1, Set.of(Grain.MINUTE, Grain.HOUR), thread());

      int rollup =
          got(
              life.create(
                  "by entity", List.of(Dimension.ENTITY_ID), EnumSet.of(Grain.HOUR, Grain.DAY)));
      BuildReport report = got(life.build(rollup, 1));

      assertThat(report.events()).isEqualTo(12_000);
      assertThat(
              harness.text(
                  "SELECT string_agg(grain || ' ' || (start_at AT TIME ZONE 'UTC')::date, ',')"
                      + " FROM coarse_spans WHERE rollup_id = 4"))
          .isEqualTo("3 2001-01-01");
      assertThat(buckets(harness, Grain.HOUR, 0)).isZero();
      assertThat(buckets(harness, Grain.DAY, 0)).isEqualTo(5_000);
      assertThat(buckets(harness, Grain.HOUR, 1)).isEqualTo(5 * 24);
      assertThat(buckets(harness, Grain.DAY, 1)).isEqualTo(5);
      assertThat(wrong(harness)).isZero();
      // What comes later is folded in as well, and a second build has nothing to do.
      spread(harness, 0, 5_000);
      settle(harness);
      assertThat(wrong(harness)).isZero();
      got(life.build(rollup, 2));
      assertThat(
              harness.number("SELECT count(*) FROM recompute_runs WHERE run_id = 2 AND replaced"))
          .isZero();
    }
  }

  /** Adds 6,000 events of so many entities to a day, spread over its hours. */
  private static void spread(IngestHarness harness, int day, int entities) {
    for (int from = 0; from < 6_000; from += 1_000) {
      AppendRequest.Builder request = AppendRequest.newBuilder();
      for (int i = from; i < from + 1_000; i++) {
        request.addEvents(
            IngestHarness.event("2001-01-01T00:00:00Z")
                .setOccurredAt(
                    Timestamps.fromSeconds(
                        FIRST_SECOND + 86_400L * day + 3_600L * (i / entities % 24) + i % 3_600))
                .setEntityId("e" + i % entities)
                .setAmount(i));
      }
      harness.stub().append(request.build());
    }
  }

  private static long buckets(IngestHarness harness, Grain grain, int day) {
    return harness.number(
        "SELECT count(*) FROM rollup_buckets WHERE rollup_id = 4 AND grain = %d AND (start_at AT TIME ZONE 'UTC')::date = '2001-01-0%d'"
            .formatted(grain.code(), day + 1));
  }

  private static CompletableFuture<Void> ingest(IngestHarness harness, AtomicBoolean enough) {
    Random random = new Random(42);
    return CompletableFuture.runAsync(
        () -> {
          while (!enough.get()) {
            harness.stub().append(randomBatch(random, 200 + random.nextInt(400), 300));
          }
        });
  }

  /** Waits until all is in buckets; what lanes have forgotten is not left to rest before. */
  private static void settle(IngestHarness harness) {
    execute(harness, "UPDATE unfolded_batches SET noted_at = noted_at - interval '1 hour'");
    patiently().until(() -> harness.number(NOTES) == 0 && harness.number(DELTAS) == 0);
  }

  private static void awaitMore(IngestHarness harness) {
    long before = harness.number("SELECT count(*) FROM ingest_batches");
    patiently().until(() -> harness.number("SELECT count(*) FROM ingest_batches") > before + 5);
  }

  private static String state(IngestHarness harness) {
    return harness.text("SELECT state FROM rollups WHERE rollup_id = 4");
  }
}
