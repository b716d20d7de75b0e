package dev.windrow.rollup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An event of the tests. */
record Fact(
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    boolean hasValue,
    double value,
    long amount,
    Map<String, String> attributes,
    long batchId,
    int batchIndex)
    implements EventFacts {
  @Override
  public String attribute(String name) {
    return attributes.getOrDefault(name, "");
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId);
  }

  /** Events around the epoch over a few days, with values and amounts of all sizes. */
  static List<Fact> random(SplittableRandom random, int n) {
    double[] values = Doubles.adversarial(random, n);
    List<Fact> facts = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      boolean hasValue = random.nextInt(4) > 0;
      facts.add(
          new Fact(
              time(random),
              "source-" + random.nextInt(3),
              "type-" + random.nextInt(2),
              "entity-" + random.nextInt(1500),
              "status-" + random.nextInt(2),
              hasValue,
              hasValue ? values[i] : Double.NaN,
              random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(100),
              random.nextBoolean() ? Map.of() : Map.of("region", "r" + random.nextInt(2)),
              random.nextInt(3),
              i));
    }
    return facts;
  }

  /** Often that of another event, too. */
  private static long time(SplittableRandom random) {
    long time =
        random.nextLong(-2, 2) * Grain.DAY.micros() + random.nextLong(3 * Grain.HOUR.micros());
    return random.nextBoolean() ? time : Grain.HOUR.floor(time);
  }

  /** The aggregate, with the newest event. */
  static Aggregate withLatest(List<? extends EventFacts> facts) {
    AggregateAccumulator sum = new AggregateAccumulator();
    for (EventFacts fact : facts) {
      sum.add(fact.hasValue(), fact.value(), fact.amount(), fact.entityHash());
      sum.addLatest(fact);
    }
    return sum.toAggregate();
  }

  /** The event as it is kept if it is the newest. */
  LatestEvent toLatest() {
    return new LatestEvent(occurredAtMicros, batchId, batchIndex, hasValue ? value : null, status);
  }

  static Aggregate aggregate(List<? extends EventFacts> facts) {
    AggregateAccumulator sum = new AggregateAccumulator();
    for (EventFacts fact : facts) {
      sum.add(fact.hasValue(), fact.value(), fact.amount(), fact.entityHash());
    }
    return sum.toAggregate();
  }
}
