package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Some resuming producers, each on a thread of its own, and what they know to be stored. */
final class ResumingProducers implements AutoCloseable {
  private final List<ResumingProducer> producers = new ArrayList<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();

  /** They begin at once. */
  ResumingProducers(int port, int number) {
    for (int i = 0; i < number; i++) {
      ResumingProducer producer = new ResumingProducer(port, "producer-" + i);
      producers.add(producer);
      ends.add(CompletableFuture.runAsync(producer, ResumingProducers::begin));
    }
  }

  /**
   * Events of producers, and rows of theirs.
   *
   * @param distinct rows that are not the same event
   */
  record Count(long sent, long acked, long rows, long distinct) {
    long lost() {
      return sent - distinct;
    }

    long doubled() {
      return rows - distinct;
    }

    /** Once all that was sent is acknowledged. */
    void check(String context) {
      assertThat(acked).as("acknowledged, %s", context).isEqualTo(sent);
      assertThat(distinct).as("distinct events, %s", context).isEqualTo(sent);
      assertThat(rows).as("events, %s", context).isEqualTo(sent);
    }
  }

  /** Batches, of all of them. */
  long acknowledged() {
    return producers.stream().mapToLong(ResumingProducer::acknowledged).sum();
  }

  void awaitAcknowledged(long target, Duration patience) {
    await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> acknowledged() >= target || failed());
    // Rethrows what one has died of.
    ends.stream()
        .filter(CompletableFuture::isCompletedExceptionally)
        .forEach(CompletableFuture::join);
  }

  /** Sends nothing new, and waits until all is acknowledged. */
  void finish(Duration patience) throws Exception {
    producers.forEach(ResumingProducer::stop);
    for (CompletableFuture<Void> end : ends) {
      end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  Count count(TestDatabase database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT (entity_id, value)) FROM events WHERE type = 'kill'")) {
      row.next();
      return new Count(
          ResumingProducer.BATCH * producers.stream().mapToLong(ResumingProducer::sent).sum(),
          ResumingProducer.BATCH * acknowledged(),
          row.getLong(1),
          row.getLong(2));
    }
  }

  private static void begin(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  private boolean failed() {
    return ends.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Override
  public void close() {
    producers.forEach(ResumingProducer::stop);
  }
}
