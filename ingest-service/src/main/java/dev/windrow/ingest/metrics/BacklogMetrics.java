package dev.windrow.ingest.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits, as of the last look at it; not known before the first one. Told by one look at a
 * time, and read by whoever asks for metrics, who therefore never asks the database.
 */
public final class BacklogMetrics {
  /** States of jobs that have not ended. */
  private static final List<String> STATES = List.of("pending", "running");

  private volatile double deltaRows = Double.NaN;
  private volatile double unfoldedEvents = Double.NaN;
  private volatile double lagSeconds = Double.NaN;
  private final Map<Jobs, AtomicLong> jobs = new HashMap<>();

  /**
   * Jobs that are counted together.
   *
   * @param state in lower case
   */
  public record Jobs(String kind, String state) {}

  BacklogMetrics(MeterRegistry registry, Set<String> jobKinds) {
    Gauge.builder(MetricNames.DELTA_ROWS, this, now -> now.deltaRows)
        .description("Delta rows of the tenant that are not compacted yet")
        .register(registry);
    Gauge.builder(MetricNames.UNFOLDED_EVENTS, this, now -> now.unfoldedEvents)
        .description("Events of the tenant that are folded into no row yet, once for each rollup")
        .register(registry);
    Gauge.builder(MetricNames.COMPACTION_LAG, this, now -> now.lagSeconds)
        .description("How long ago the oldest of both was written")
        .baseUnit(MetricNames.SECONDS)
        .register(registry);
    for (String kind : jobKinds) {
      for (String state : STATES) {
        AtomicLong count = new AtomicLong();
        jobs.put(new Jobs(kind, state), count);
        Gauge.builder(MetricNames.JOBS_OPEN, count, AtomicLong::get)
            .description("Jobs of the tenant that have not ended")
            .tag(MetricNames.KIND, kind)
            .tag(MetricNames.STATE, state)
            .register(registry);
      }
    }
  }

  /**
   * What a look has seen.
   *
   * @param lagSeconds 0 if nothing waits
   */
  public void compaction(long deltaRows, long unfoldedEvents, double lagSeconds) {
    this.deltaRows = deltaRows;
    this.unfoldedEvents = unfoldedEvents;
    this.lagSeconds = lagSeconds;
  }

  /** Likewise of jobs; kinds of other services do not count here, and what is missing is 0. */
  public void jobs(Map<Jobs, Long> open) {
    jobs.forEach((which, count) -> count.set(open.getOrDefault(which, 0L)));
  }
}
