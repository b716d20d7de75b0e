package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long answers take when each of some connections asks again as soon as it has its answer.
 *
 * @param samples answers that count; the 99th percentile of less than a hundred is their maximum
 */
record Timing(long samples, double p50Millis, double p99Millis, double perSecond) {
  private static final int SIGNIFICANT_DIGITS = 3;

  /**
   * Measures one question.
   *
   * @param seconds before it counts, and again while it does; each connection asks at least once
   */
  static Timing measure(Asker.Source source, int connections, double seconds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    List<Asker> askers = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        askers.add(source.open());
      }
      askAll(threads, askers, seconds, new ConcurrentHistogram(SIGNIFICANT_DIGITS));
      Histogram nanos = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
      long begin = System.nanoTime();
      askAll(threads, askers, seconds, nanos);
      double elapsed = (System.nanoTime() - begin) / 1e9;
      return new Timing(
          nanos.getTotalCount(),
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getTotalCount() / elapsed);
    } finally {
      threads.shutdownNow();
      for (Asker asker : askers) {
        asker.close();
      }
    }
  }

  private static void askAll(
      ExecutorService threads, List<Asker> askers, double seconds, Histogram nanos)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    List<Callable<Void>> all = new ArrayList<>();
    for (Asker asker : askers) {
      all.add(
          () -> {
            long now = System.nanoTime();
            do {
              long begin = now;
              asker.ask();
              now = System.nanoTime();
              nanos.recordValue(now - begin);
            } while (now < end);
            return null;
          });
    }
    for (Future<Void> one : threads.invokeAll(all)) {
      one.get();
    }
  }

  Map<String, Object> json() {
    return Json.object(
        "samples", samples,
        "p50_ms", p50Millis,
        "p99_ms", p99Millis,
        "per_second", perSecond);
  }
}
