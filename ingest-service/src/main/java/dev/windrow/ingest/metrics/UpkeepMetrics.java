package dev.windrow.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How one kind of upkeep fares in this process. Told by one round at a time, and read by whoever
 * asks for metrics.
 */
public final class UpkeepMetrics {
  private final MeterRegistry registry;
  private final Counter rounds;
  private final Counter failures;
  private volatile boolean active;
  private volatile double lastSuccess;

  UpkeepMetrics(MeterRegistry registry, UpkeepTask task) {
    this.registry = registry;
    rounds =
        Counter.builder(MetricNames.UPKEEP_ROUNDS)
            .description("Rounds of upkeep that went well, this replica's turn or not")
            .tag(MetricNames.TASK, task.label())
            .register(registry);
    failures =
        Counter.builder(MetricNames.UPKEEP_FAILURES)
            .description("Rounds of upkeep that failed, and were tried again")
            .tag(MetricNames.TASK, task.label())
            .register(registry);
    Gauge.builder(MetricNames.UPKEEP_ACTIVE, this, now -> now.active ? 1 : 0)
        .description("Whether this replica was the one when it last asked")
        .tag(MetricNames.TASK, task.label())
        .register(registry);
    Gauge.builder(MetricNames.UPKEEP_LAST_SUCCESS, this, now -> now.lastSuccess)
        .description("When this replica, being the one, last ended a round well; 0 for never")
        .tag(MetricNames.TASK, task.label())
        .baseUnit(MetricNames.SECONDS)
        .register(registry);
  }

  /**
   * A round went well.
   *
   * @param alone whether this replica was the one
   */
  public void succeeded(boolean alone) {
    rounds.increment();
    active = alone;
    if (alone) {
      lastSuccess = registry.config().clock().wallTime() / 1_000.0;
    }
  }

  /** A round failed. */
  public void failed() {
    failures.increment();
  }
}
