package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Json;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * How long answers took in one phase.
 *
 * @param eventsPerSecond that were sent
 * @param serviceBytes of memory that the service held at the end; NaN of what has none
 */
record Latency(
    long samples,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    double eventsPerSecond,
    double serviceBytes) {
  static Latency of(Histogram micros, double eventsPerSecond, double serviceBytes) {
    return new Latency(
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getValueAtPercentile(99.9) / 1e3,
        micros.getMaxValue() / 1e3,
        eventsPerSecond,
        serviceBytes);
  }

  Map<String, Object> json() {
    return Json.object(
        "samples", samples,
        "p50_ms", p50Millis,
        "p99_ms", p99Millis,
        "p99_9_ms", p999Millis,
        "max_ms", maxMillis,
        "events_per_second", eventsPerSecond,
        "service_rss_bytes", serviceBytes);
  }
}
