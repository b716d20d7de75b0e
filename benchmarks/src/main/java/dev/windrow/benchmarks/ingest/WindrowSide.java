package dev.windrow.benchmarks.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Windrow under full load, until everything is durable and compacted. */
final class WindrowSide {
  private static final int PRODUCERS = 4;
  private static final int CHANNELS = 2;
  private static final int EVENTS_PER_MESSAGE = 1_000;

  private final Shape shape;
  private final Connection admin;
  private final Workload workload;
  private final ServiceProcess service;
  private final WindrowTables tables;
  private long acked;

  WindrowSide(Shape shape, Connection admin, Workload workload, ServiceProcess service) {
    this.shape = shape;
    this.admin = admin;
    this.workload = workload;
    this.service = service;
    this.tables = new WindrowTables(admin);
  }

  /**
   * Loads one round.
   *
   * @param micros takes the latencies
   */
  SideResult round(int seed, int events, Meter meter, Histogram micros)
      throws SQLException, InterruptedException, ExecutionException {
    tables.truncate();
    List<List<Message>> messages =
        Messages.encode(
            workload.events(seed, events, Instant.now()),
            EVENTS_PER_MESSAGE,
            producerIds("full-" + seed, PRODUCERS),
            1);
    try (Producers producers = new Producers(service.port(), PRODUCERS, CHANNELS)) {
      BeforeTheClock.settle(admin);
      Meter.Usage start = meter.read();
      long begin = System.nanoTime();
      List<CompletableFuture<Void>> sending = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        sending.add(producers.streams().get(i).sendAll(messages.get(i)));
      }
      producers.await(sending);
      double ackedSeconds = (producers.lastAckNanos() - begin) / 1e9;
      tables.awaitSettled();
      double seconds = (System.nanoTime() - begin) / 1e9;
      Meter.Usage usage = meter.read().since(start);
      check(producers, events);
      micros.add(producers.micros());
      return new SideResult(ackedSeconds, seconds, usage);
    }
  }

  /** Forgets the events of a round. */
  void truncate() throws SQLException, InterruptedException {
    tables.truncate();
  }

  /** Events acknowledged so far, all of them checked. */
  long acked() {
    return acked;
  }

  private void check(Producers producers, long sent) throws SQLException {
    if (producers.stored() != sent) {
      throw new IllegalStateException(sent + " events sent, " + producers.stored() + " stored");
    }
    tables.check(sent);
    acked += sent;
  }

  private List<String> producerIds(String what, int count) {
    return IntStream.range(0, count).mapToObj(i -> shape.label() + "-" + what + "-" + i).toList();
  }
}
