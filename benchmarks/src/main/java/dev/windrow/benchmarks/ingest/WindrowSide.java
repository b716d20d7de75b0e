package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Message;
import dev.windrow.benchmarks.harness.Messages;
import dev.windrow.benchmarks.harness.ProducerStream;
import dev.windrow.benchmarks.harness.Producers;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.WindrowTables;
import dev.windrow.benchmarks.harness.Workload;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/** Windrow under full load, until everything is durable and compacted. */
final class WindrowSide {
  private static final int PRODUCERS = 4;
  private static final int CHANNELS = 2;
  private static final int EVENTS_PER_MESSAGE = 1_000;

  private final Shape shape;
  private final Workload workload;
  private final ServiceProcess service;
  private final WindrowTables tables;
  private int eventBytes;

  WindrowSide(Shape shape, Workload workload, ServiceProcess service, WindrowTables tables) {
    this.shape = shape;
    this.workload = workload;
    this.service = service;
    this.tables = tables;
  }

  /**
   * Loads one round.
   *
   * @param micros takes the latencies
   */
  SideResult round(int seed, int events, Meter meter, Histogram micros)
      throws SQLException, InterruptedException, ExecutionException {
    tables.truncate();
    Queue<Message> messages =
        new ConcurrentLinkedQueue<>(
            Messages.encode(workload.events(seed, events, Instant.now()), EVENTS_PER_MESSAGE));
    eventBytes = messages.element().bytes().length / messages.element().events();
    try (Producers producers =
        new Producers(service.port(), PRODUCERS, CHANNELS, shape.label() + "-round-" + seed)) {
      tables.beforeTheClock();
      Meter.Usage start = meter.read();
      long begin = System.nanoTime();
      List<CompletableFuture<Void>> sending = new ArrayList<>();
      // Each takes the next message when it can send one: a shape's order of time stays its own,
      // however unequal the lanes are.
      for (ProducerStream stream : producers.streams()) {
        sending.add(stream.sendAll(messages));
      }
      producers.await(sending);
      double ackedSeconds = (producers.lastAckNanos() - begin) / 1e9;
      tables.awaitSettled();
      double seconds = (System.nanoTime() - begin) / 1e9;
      Meter.Usage usage = meter.read().since(start);
      tables.check(events, producers.stored());
      micros.add(producers.micros());
      return new SideResult(ackedSeconds, seconds, usage);
    }
  }

  /** How large an event is on the wire. */
  int eventBytes() {
    return eventBytes;
  }
}
