package dev.windrow.benchmarks;

import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import java.util.SplittableRandom;

/**
 * An event of the workload: 10,000 entities with skew, 20 sources, 5 types, 5 statuses, 30 s of
 * time.
 */
record SampleEvent(
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    double value,
    long amount,
    long entityHash,
    int batchIndex)
    implements EventFacts {
  private static final int ENTITIES = 10_000;
  private static final long START_MICROS = 1_790_000_000_000_000L;

  static SampleEvent[] generate(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    SampleEvent[] events = new SampleEvent[n];
    for (int i = 0; i < n; i++) {
      // Squaring a uniform number makes low-numbered entities frequent: the first percent gets a
      // tenth of the events.
      double uniform = random.nextDouble();
      String entityId = "customer-" + (int) (ENTITIES * uniform * uniform);
      long cents = (long) (100 * Math.exp(6 * random.nextDouble()));
      events[i] =
          new SampleEvent(
              START_MICROS + random.nextLong(30_000_000),
              "source-" + random.nextInt(20),
              "type-" + random.nextInt(5),
              entityId,
              "status-" + random.nextInt(5),
              cents / 100.0,
              cents,
              EntitySketch.hash(entityId),
              i);
    }
    return events;
  }

  @Override
  public long batchId() {
    return 1;
  }

  @Override
  public boolean hasValue() {
    return true;
  }

  @Override
  public String attribute(String name) {
    return "";
  }
}
