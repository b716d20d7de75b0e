package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real process ended in mid-stream, again and again: by kill -9, and by SIGTERM. */
@Tag("minutes")
class KillIT {
  private static final int KILLS = 10;
  private static final int TERMINATIONS = 3;
  private static final int PRODUCERS = 4;

  @Test
  void ingest_killedInMidStream_losesNothingAndDoublesNothing() throws Exception {
    endInMidStream(KILLS, process -> process.destroyForcibly().waitFor());
  }

  @Test
  void ingest_terminatedInMidStream_drainsAndExitsWithZero() throws Exception {
    endInMidStream(
        TERMINATIONS,
        process -> {
          process.destroy();
          assertThat(process.waitFor()).isZero();
        });
  }

  /** A way to end a process. */
  private interface End {
    void of(Process process) throws Exception;
  }

  private static void endInMidStream(int times, End end) throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    try (TestDatabase database = TestDatabase.create()) {
      int port = freePort();
      Process process = start(database, port);
      List<ResumingProducer> producers = new ArrayList<>();
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        ResumingProducer producer = new ResumingProducer(port, "producer-" + i);
        producers.add(producer);
        ends.add(CompletableFuture.runAsync(producer, task -> new Thread(task).start()));
      }
      try {
        for (int i = 0; i < times; i++) {
          awaitAcknowledged(producers, acknowledged(producers) + 50 + random.nextInt(200));
          end.of(process);
          process = start(database, port);
        }
        awaitAcknowledged(producers, acknowledged(producers) + 50);
        producers.forEach(ResumingProducer::stop);
        for (CompletableFuture<Void> done : ends) {
          done.get(60, TimeUnit.SECONDS);
        }
      } finally {
        producers.forEach(ResumingProducer::stop);
        process.destroyForcibly().waitFor();
      }
      report(database, producers, times, seed);
    }
  }

  private static void report(
      TestDatabase database, List<ResumingProducer> producers, int times, long seed)
      throws SQLException {
    long sent = producers.stream().mapToLong(ResumingProducer::sent).sum();
    long acked = acknowledged(producers);
    try (var connection = database.connect();
        var row =
            connection
                .createStatement()
                .executeQuery("SELECT count(*), count(DISTINCT (entity_id, value)) FROM events")) {
      row.next();
      long rows = row.getLong(1);
      long distinct = row.getLong(2);
      long expected = sent * ResumingProducer.BATCH;
      System.out.printf(
          "kills=%d sent=%d acked=%d rows=%d lost=%d dup=%d seed=%d%n",
          times,
          expected,
          acked * ResumingProducer.BATCH,
          rows,
          expected - distinct,
          rows - distinct,
          seed);
      assertThat(acked).isEqualTo(sent);
      assertThat(distinct).as("distinct events, seed %d", seed).isEqualTo(expected);
      assertThat(rows).as("events, seed %d", seed).isEqualTo(expected);
    }
    Invariant.check(database);
  }

  private static void awaitAcknowledged(List<ResumingProducer> producers, long target) {
    await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged(producers) >= target);
  }

  private static long acknowledged(List<ResumingProducer> producers) {
    return producers.stream().mapToLong(ResumingProducer::acknowledged).sum();
  }

  private static Process start(TestDatabase database, int port) throws IOException {
    return IngestProcess.start(
        "killed", IngestHarness.settings(database, "WINDROW_PORT", Integer.toString(port)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
