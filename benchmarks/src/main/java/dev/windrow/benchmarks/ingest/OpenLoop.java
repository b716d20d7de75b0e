package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Message;
import dev.windrow.benchmarks.harness.Messages;
import dev.windrow.benchmarks.harness.ProducerStream;
import dev.windrow.benchmarks.harness.Producers;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.WindrowTables;
import dev.windrow.benchmarks.harness.Workload;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A load on a fixed schedule that does not wait for answers. A latency counts from when a message
 * ought to have been sent: a service that stalls cannot slow the questioner down and so look good.
 *
 * @param warmUps messages that each stream sends before, as fast as it may
 * @param flooded whether other clients flood the service meanwhile
 */
record OpenLoop(
    String name,
    int streams,
    int channels,
    int eventsPerMessage,
    double messagesPerSecond,
    int warmUps,
    boolean flooded) {
  // Streams that begin all at once, after a checkpoint, are not what is asked about.
  static final int LEAD_IN_SECONDS = 5;

  /**
   * Runs for so many seconds, after some that do not count, then waits until all is compacted and
   * checks the counts.
   */
  Latency run(
      Shape shape, Workload workload, ServiceProcess service, WindrowTables tables, int seconds)
      throws SQLException, IOException, InterruptedException, ExecutionException {
    tables.truncate();
    int leadIn = (int) (LEAD_IN_SECONDS * messagesPerSecond);
    int scheduled = leadIn + Math.max(1, (int) (seconds * messagesPerSecond));
    int events = (scheduled + warmUps * streams) * eventsPerMessage;
    List<Message> messages =
        Messages.encode(workload.events(name.hashCode(), events, Instant.now()), eventsPerMessage);
    try (Producers producers =
            new Producers(service.port(), streams, channels, shape.label() + "-" + name);
        FloodProcess flood = flooded ? FloodProcess.start(service.port()) : null) {
      warmUp(producers, messages);
      tables.beforeTheClock();
      long begin = System.nanoTime();
      for (int i = 0; i < scheduled; i++) {
        long intended = begin + (long) (i * 1e9 / messagesPerSecond);
        waitUntil(intended);
        if (i == leadIn) {
          producers.micros().reset();
        }
        producers.streams().get(i % streams).send(messages.get(warmUps * streams + i), intended);
      }
      producers.await(producers.streams().stream().map(ProducerStream::idle).toList());
      double rate =
          scheduled * (double) eventsPerMessage / (producers.lastAckNanos() - begin) * 1e9;
      double memory = ProcessTimes.residentBytes(service.pid());
      long others = flood == null ? 0 : flood.stop();
      tables.awaitSettled();
      tables.check(events + others, producers.stored() + others);
      return Latency.of(producers.micros(), rate, memory);
    }
  }

  private void warmUp(Producers producers, List<Message> messages)
      throws InterruptedException, ExecutionException {
    List<CompletableFuture<Void>> warming = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      warming.add(
          producers
              .streams()
              .get(i)
              .sendAll(new ArrayDeque<>(messages.subList(i * warmUps, (i + 1) * warmUps))));
    }
    producers.await(warming);
    producers.micros().reset();
  }

  /** Waits until {@link System#nanoTime} is as much. */
  static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
