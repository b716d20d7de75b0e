package dev.windrow.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What the steps of compaction have done; any thread may tell. */
public final class CompactionMetrics {
  private final Timer steps;
  private final Counter deltas;
  private final Counter carried;
  private final Counter buckets;

  CompactionMetrics(MeterRegistry registry) {
    steps =
        Timer.builder(MetricNames.COMPACTION_STEP)
            .description("Steps of compaction that were committed, and how long they took")
            .register(registry);
    deltas =
        Counter.builder(MetricNames.COMPACTION_DELTAS)
            .description("Delta rows that became buckets")
            .register(registry);
    carried =
        Counter.builder(MetricNames.COMPACTION_CARRIED)
            .description("Batches that became buckets of a rollup without delta rows")
            .register(registry);
    buckets =
        Counter.builder(MetricNames.COMPACTION_BUCKETS)
            .description("Buckets that were written")
            .register(registry);
  }

  /**
   * A step was committed.
   *
   * @param deltaRows that it took
   * @param carriedBatches whose notes it took back, once for each rollup
   * @param bucketRows that it wrote
   */
  public void stepped(long nanos, int deltaRows, int carriedBatches, int bucketRows) {
    steps.record(nanos, TimeUnit.NANOSECONDS);
    deltas.increment(deltaRows);
    carried.increment(carriedBatches);
    buckets.increment(bucketRows);
  }
}
