package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Workload;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The messages of an {@link OpenLoop}, for those who write them without a service: each takes all
 * that are due.
 *
 * <p>Concurrency: {@link #begin} comes before the threads that take; those take one at a time,
 * under the monitor, also while they wait, and what was taken is told without it.
 */
final class DueMessages {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final OpenLoop load;
  private final List<byte[]> rows;
  private final int leadIn;
  private final Histogram micros = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
  private final AtomicLong lastNanos = new AtomicLong(Long.MIN_VALUE);
  private long begin;
  private int taken;

  private DueMessages(OpenLoop load, List<byte[]> rows, int leadIn) {
    this.load = load;
    this.rows = rows;
    this.leadIn = leadIn;
  }

  /** Those of so many seconds, after some that do not count. */
  static DueMessages of(OpenLoop load, int seconds, Workload workload, Instant now) {
    int leadIn = (int) (OpenLoop.LEAD_IN_SECONDS * load.messagesPerSecond());
    int messages = leadIn + Math.max(1, (int) (seconds * load.messagesPerSecond()));
    return new DueMessages(
        load,
        CopyRows.encodeRows(
            workload.events(load.name().hashCode(), messages * load.eventsPerMessage(), now),
            load.eventsPerMessage()),
        leadIn);
  }

  /** Some messages, one after the other. */
  record Some(int from, List<byte[]> rows) {
    Some {
      rows = List.copyOf(rows);
    }

    boolean isEmpty() {
      return rows.isEmpty();
    }
  }

  /** From now on they become due. */
  void begin() {
    begin = System.nanoTime();
  }

  /**
   * Waits until one is due, and takes all that are; nothing if all have been taken. Others wait
   * behind the one that waits.
   */
  synchronized Some take() {
    int from = taken;
    if (from < rows.size()) {
      OpenLoop.waitUntil(intended(from));
      long now = System.nanoTime();
      while (taken < rows.size() && intended(taken) <= now) {
        taken++;
      }
    }
    return new Some(from, rows.subList(from, taken));
  }

  /** They are durable. */
  void written(Some some) {
    long now = System.nanoTime();
    lastNanos.accumulateAndGet(now, Math::max);
    for (int i = some.from(); i < some.from() + some.rows().size(); i++) {
      if (i >= leadIn) {
        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(now - intended(i)));
      }
    }
  }

  /** To be asked for when all have been written. */
  Latency latency() {
    double seconds = (lastNanos.get() - begin) / 1e9;
    return Latency.of(micros, (double) rows.size() * load.eventsPerMessage() / seconds, Double.NaN);
  }

  private long intended(int message) {
    return begin + (long) (message * 1e9 / load.messagesPerSecond());
  }
}
