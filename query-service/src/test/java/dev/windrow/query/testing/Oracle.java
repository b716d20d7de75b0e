package dev.windrow.query.testing;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.RollupKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which events belong to which row of an answer, by looking at every single one. */
public final class Oracle {
  /** Names a row: the interval's place and the group. */
  public record RowKey(int interval, RollupKey group) {}

  private Oracle() {}

  public static Map<RowKey, List<TestEvent>> rows(Question question, List<TestEvent> events) {
    Map<RowKey, List<TestEvent>> rows = new HashMap<>();
    for (TestEvent event : events) {
      if (question.window().contains(event.occurredAtMicros()) && holds(question.filter(), event)) {
        RollupKey group = RollupKey.of(question.groupBy().stream().map(event::dimension).toList());
        RowKey key = new RowKey(interval(question, event.occurredAtMicros()), group);
        rows.computeIfAbsent(key, k -> new ArrayList<>()).add(event);
      }
    }
    return rows;
  }

  /** Whether a filter lets an event through. */
  public static boolean holds(Filter filter, TestEvent event) {
    if (filter instanceof Filter.And and) {
      return and.parts().stream().allMatch(part -> holds(part, event));
    }
    if (filter instanceof Filter.Or or) {
      return or.parts().stream().anyMatch(part -> holds(part, event));
    }
    if (filter instanceof Filter.Not not) {
      return !holds(not.part(), event);
    }
    if (filter instanceof Filter.Comparison comparison) {
      return comparison.values().contains(event.dimension(comparison.dimension()))
          != comparison.negated();
    }
    return true;
  }

  private static int interval(Question question, long micros) {
    for (int i = 0; i < question.intervals().count(); i++) {
      if (question.intervals().range(i).contains(micros)) {
        return i;
      }
    }
    throw new IllegalStateException("no interval holds " + micros);
  }
}
