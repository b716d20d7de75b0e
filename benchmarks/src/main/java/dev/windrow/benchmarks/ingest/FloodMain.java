package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.LiveTimes;
import dev.windrow.benchmarks.harness.Message;
import dev.windrow.benchmarks.harness.Messages;
import dev.windrow.benchmarks.harness.ProducerStream;
import dev.windrow.benchmarks.harness.Producers;
import dev.windrow.benchmarks.harness.SyntheticWorkload;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Clients that send as fast as they may, in a process of their own: {@code FloodMain PORT}. Says
 * {@code flooding} when it does; ends when its standard input ends, and says how many events were
 * sent and stored.
 */
final class FloodMain {
  static final int CONNECTIONS = 20;
  static final int STREAMS_EACH = 10;
  private static final int EVENTS_PER_MESSAGE = 100;
  private static final int MESSAGES_AT_ONCE = 1_000;
  private static final int SEED = 9;

  private static volatile boolean enough;

  private FloodMain() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    var events =
        new SyntheticWorkload(new LiveTimes(), 1).events(SEED, EVENTS_PER_MESSAGE, Instant.now());
    Message message = Messages.encodeOne(events, EVENTS_PER_MESSAGE);
    List<Message> next = Collections.nCopies(MESSAGES_AT_ONCE, message);
    try (Producers producers = new Producers(port, CONNECTIONS * STREAMS_EACH, CONNECTIONS, "")) {
      List<CompletableFuture<Long>> floods = new ArrayList<>();
      for (ProducerStream stream : producers.streams()) {
        floods.add(flood(stream, next, 0));
      }
      while (producers.stored() < (long) CONNECTIONS * STREAMS_EACH * EVENTS_PER_MESSAGE) {
        Thread.sleep(10);
      }
      System.out.println("flooding");
      while (System.in.read() >= 0) {}
      enough = true;
      long sent = 0;
      for (CompletableFuture<Long> flood : floods) {
        sent += flood.get();
      }
      System.out.println(sent + " " + producers.stored());
    }
  }

  /** Sends on and on; completes with the number of events sent. */
  private static CompletableFuture<Long> flood(
      ProducerStream stream, List<Message> messages, long before) {
    long sent = before + (long) messages.size() * EVENTS_PER_MESSAGE;
    return stream
        .sendAll(new ArrayDeque<>(messages))
        .thenCompose(
            done ->
                enough ? CompletableFuture.completedFuture(sent) : flood(stream, messages, sent));
  }
}
