package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * Events to send to an ingest-service.
 *
 * @param name of the load; that of its producers begins with it
 */
public record EventLoad(String name, Times times, int events) {
  private static final int PRODUCERS = 4;
  private static final int CHANNELS = 2;
  private static final int EVENTS_PER_MESSAGE = 1_000;
  private static final int TYPES = 1;

  /** Sends them and waits until all are acknowledged. */
  public void send(int port) throws InterruptedException, ExecutionException {
    Queue<Message> messages =
        new ConcurrentLinkedQueue<>(
            Messages.encode(
                new SyntheticWorkload(times, TYPES).events(name.hashCode(), events, Instant.now()),
                EVENTS_PER_MESSAGE));
    try (Producers producers = new Producers(port, PRODUCERS, CHANNELS, name)) {
      List<CompletableFuture<Void>> sending = new ArrayList<>();
      for (ProducerStream stream : producers.streams()) {
        sending.add(stream.sendAll(messages));
      }
      producers.await(sending);
      if (producers.stored() != events) {
        throw new IllegalStateException(
            name + ": " + events + " events were sent, " + producers.stored() + " are stored");
      }
    }
  }
}
