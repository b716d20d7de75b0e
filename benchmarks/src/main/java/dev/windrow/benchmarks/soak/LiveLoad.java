package dev.windrow.benchmarks.soak;

import dev.windrow.benchmarks.harness.LiveTimes;
import dev.windrow.benchmarks.harness.Message;
import dev.windrow.benchmarks.harness.Messages;
import dev.windrow.benchmarks.harness.ProducerStream;
import dev.windrow.benchmarks.harness.Producers;
import dev.windrow.benchmarks.harness.SyntheticWorkload;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends live events at a steady rate, on a thread of its own, until it is closed. A latency counts
 * from when the message ought to have been sent.
 */
final class LiveLoad implements AutoCloseable {
  private static final int STREAMS = 4;
  private static final int CHANNELS = 2;
  private static final int EVENTS_PER_MESSAGE = 500;
  private static final long TICK_NANOS = 100_000_000;
  private static final double TICKS_PER_SECOND = 1e9 / TICK_NANOS;

  private final SyntheticWorkload workload = new SyntheticWorkload(new LiveTimes(), 1);
  private final Producers producers;
  private final int messagesPerTick;
  private final Thread thread;
  private volatile boolean ended;
  private long sent;

  /** Begins. */
  LiveLoad(int port, double eventsPerSecond) throws InterruptedException, ExecutionException {
    producers = new Producers(port, STREAMS, CHANNELS, "soak");
    messagesPerTick =
        Math.max(STREAMS, (int) (eventsPerSecond / TICKS_PER_SECOND / EVENTS_PER_MESSAGE));
    thread = new Thread(this::send, "load");
    thread.start();
  }

  double eventsPerSecond() {
    return messagesPerTick * EVENTS_PER_MESSAGE * TICKS_PER_SECOND;
  }

  /** Latencies in microseconds; safe to be read and reset. */
  Histogram micros() {
    return producers.micros();
  }

  /** Events that answers have called stored. */
  long stored() {
    return producers.stored();
  }

  /**
   * Ends, when all is acknowledged.
   *
   * @return events that were sent
   */
  long end() throws InterruptedException, ExecutionException {
    ended = true;
    thread.join();
    producers.await(producers.streams().stream().map(ProducerStream::idle).toList());
    return sent;
  }

  private void send() {
    long begin = System.nanoTime();
    for (long tick = 0; !ended; tick++) {
      long intended = begin + tick * TICK_NANOS;
      List<Message> messages =
          Messages.encode(
              workload.events(tick, messagesPerTick * EVENTS_PER_MESSAGE, Instant.now()),
              EVENTS_PER_MESSAGE);
      waitUntil(intended);
      for (int i = 0; i < messages.size(); i++) {
        producers.streams().get(i % STREAMS).send(messages.get(i), intended);
        sent += messages.get(i).events();
      }
    }
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    ended = true;
    producers.close();
  }
}
