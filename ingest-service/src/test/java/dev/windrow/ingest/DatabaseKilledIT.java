package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.OwnServer;
import dev.windrow.migrations.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R2: the database is killed, stopped without a checkpoint, or stands still, at random
 * moments while producers stream and compaction runs. The heap is small.
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
        TestDatabase database = server.createDatabase();
        Service service = Service.start(database);
        ResumingProducers producers = new ResumingProducers(service.port, PRODUCERS)) {
      long longest = 0;
      long steps = 0;
      for (int i = 0; i < times; i++) {
        producers.awaitAcknowledged(producers.acknowledged() + 50, PATIENCE);
        elapse(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
        fault.strike(server);
        long accepted = System.nanoTime();
        producers.awaitAcknowledged(producers.acknowledged() + 1, PATIENCE);
        longest = Math.max(longest, System.nanoTime() - accepted);
        steps += number(database, "SELECT count(*) FROM rollup_buckets") > 0 ? 1 : 0;
      }
      producers.awaitAcknowledged(producers.acknowledged() + 50, PATIENCE);
      producers.finish(PATIENCE);
      awaitCompacted(database);
      ResumingProducers.Count count = producers.count(database);
      assertThat(service.process.isAlive()).as("its heap was enough, %s", context).isTrue();
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
      Invariant.check(database);
    }
  }

  /** The service in a process that ends should its heap, an eighth of a GB, not be enough. */
  private record Service(Process process, int port) implements AutoCloseable {
    static Service start(TestDatabase database) throws IOException {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      Map<String, String> settings =
          IngestHarness.settings(
              database,
              "WINDROW_PORT",
              Integer.toString(port),
              "WINDROW_IN_FLIGHT_BYTES",
              Integer.toString(16 << 20));
      return new Service(
          IngestProcess.start(
              "database-killed", settings, "-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
          port);
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private static void awaitCompacted(TestDatabase database) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number(
                        database,
                        "SELECT (SELECT count(*) FROM rollup_deltas) + (SELECT count(*) FROM unfolded_batches)")
                    == 0);
  }

  private static long number(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void elapse(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    await()
        .atMost(time.plus(PATIENCE))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> System.nanoTime() >= until);
  }
}
