package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.OwnServer;
import dev.windrow.migrations.testing.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R2: the database is killed, stopped without a checkpoint, or stands still, at random
 * moments while producers stream and compaction runs.
 */
@Tag("minutes")
class DatabaseKilledIT {
  private static final int KILLS = Integer.getInteger("windrow.test.database.kills", 5);
  private static final int PAUSES = Integer.getInteger("windrow.test.database.pauses", 2);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final int PRODUCERS = 4;
  private static final int LONGEST_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What befalls the server; it accepts again when this returns. */
  private interface Fault {
    void strike(OwnServer server) throws Exception;
  }

  @Test
  void database_killed_losesNothingAndDoublesNothing() throws Exception {
    prove(
        "kill",
        KILLS,
        server -> {
          server.kill();
          server.start();
        });
  }

  @Test
  void database_stoppedWithoutACheckpoint_losesNothingAndDoublesNothing() throws Exception {
    prove(
        "immediate_stop",
        KILLS,
        server -> {
          server.stopImmediately();
          server.start();
        });
  }

  @Test
  void database_thatStandsStill_losesNothingAndDoublesNothing() throws Exception {
    prove(
        "standstill",
        PAUSES,
        server -> {
          server.pause();
          elapse(PAUSE);
          server.resume();
        });
  }

  private static void prove(String what, int times, Fault fault) throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    String context = what + ", seed " + seed;
    try (OwnServer server = OwnServer.create(Map.of());
        IngestHarness harness = startOn(server.createDatabase());
        ResumingProducers producers = new ResumingProducers(harness.server.port(), PRODUCERS)) {
      long longest = 0;
      long steps = 0;
      for (int i = 0; i < times; i++) {
        producers.awaitAcknowledged(producers.acknowledged() + 50, PATIENCE);
        elapse(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
        fault.strike(server);
        long accepted = System.nanoTime();
        producers.awaitAcknowledged(producers.acknowledged() + 1, PATIENCE);
        longest = Math.max(longest, System.nanoTime() - accepted);
        harness.awaitServing();
        steps += harness.number("SELECT count(*) FROM rollup_buckets") > 0 ? 1 : 0;
      }
      producers.awaitAcknowledged(producers.acknowledged() + 50, PATIENCE);
      producers.finish(PATIENCE);
      awaitCompacted(harness);
      ResumingProducers.Count count = producers.count(harness.database);
      System.out.printf(
          "R2 fault=%s times=%d sent=%d acked=%d rows=%d lost=%d dup=%d longest_first_ack_ms=%d seed=%d%n",
          what,
          times,
          count.sent(),
          count.acked(),
          count.rows(),
          count.lost(),
          count.doubled(),
          TimeUnit.NANOSECONDS.toMillis(longest),
          seed);
      count.check(context);
      assertThat(steps).as("faults behind which there were buckets, %s", context).isPositive();
      // 2 s are promised of a machine that does nothing else.
      assertThat(longest).as(context).isLessThan(Duration.ofSeconds(30).toNanos());
      Invariant.check(harness.database);
    }
  }

  private static IngestHarness startOn(TestDatabase database) {
    IngestHarness harness = IngestHarness.startOn(database, IngestHarness.settings(database));
    harness.awaitServing();
    return harness;
  }

  private static void awaitCompacted(IngestHarness harness) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                harness.number(
                        "SELECT (SELECT count(*) FROM rollup_deltas) + (SELECT count(*) FROM unfolded_batches)")
                    == 0);
  }

  private static void elapse(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    await()
        .atMost(time.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> System.nanoTime() >= until);
  }
}
