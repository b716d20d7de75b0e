package dev.windrow.query.health;

import dev.windrow.query.testing.TestEvent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Daily health by looking at every single event. */
final class HealthOracle {
  private static final long DAY = 86_400_000_000L;

  /** Names a row, in the order of the answer. */
  record Key(long day, String entity) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return Comparator.comparingLong(Key::day).thenComparing(Key::entity).compare(this, other);
    }
  }

  /** What a row says; null where there is nothing. */
  record Day(
      long checks,
      long passed,
      double uptime,
      @Nullable Double average,
      @Nullable Double p95,
      long incidents) {}

  private HealthOracle() {}

  /**
   * The rows, by key.
   *
   * @param stored in the order in which they were stored
   */
  static NavigableMap<Key, Day> of(
      List<TestEvent> stored, Predicate<TestEvent> asked, Set<String> passing) {
    NavigableMap<Key, List<TestEvent>> groups = new TreeMap<>();
    stored.stream()
        .filter(asked)
        // Stable: what happened at the same time stays in the order of storing.
        .sorted(Comparator.comparingLong(TestEvent::occurredAtMicros))
        .forEach(event -> groups.computeIfAbsent(key(event), key -> new ArrayList<>()).add(event));
    NavigableMap<Key, Day> days = new TreeMap<>();
    groups.forEach((key, events) -> days.put(key, day(events, passing)));
    return days;
  }

  private static Key key(TestEvent event) {
    return new Key(Math.floorDiv(event.occurredAtMicros(), DAY) * DAY, event.entityId());
  }

  private static Day day(List<TestEvent> events, Set<String> passing) {
    List<Double> latencies =
        events.stream()
            .filter(event -> passing.contains(event.status()))
            .map(TestEvent::measured)
            .filter(Objects::nonNull)
            .map(value -> value + 0.0)
            .sorted()
            .toList();
    long passed = events.stream().filter(event -> passing.contains(event.status())).count();
    return new Day(
        events.size(),
        passed,
        (double) passed / events.size(),
        latencies.isEmpty() ? null : average(latencies),
        latencies.isEmpty() ? null : latencies.get((95 * latencies.size() + 99) / 100 - 1),
        incidents(events, passing));
  }

  private static double average(List<Double> values) {
    BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    return sum.divide(BigDecimal.valueOf(values.size()), new MathContext(1_000)).doubleValue();
  }

  private static long incidents(List<TestEvent> events, Set<String> passing) {
    long incidents = 0;
    boolean failing = false;
    for (TestEvent event : events) {
      boolean failed = !passing.contains(event.status());
      incidents += failed && !failing ? 1 : 0;
      failing = failed;
    }
    return incidents;
  }
}
