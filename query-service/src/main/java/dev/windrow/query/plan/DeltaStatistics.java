package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The delta rows of one rollup a moment ago, by the UTC day that they start in. */
public final class DeltaStatistics {
  private final NavigableMap<Long, Long> rowsByDay;

  /**
   * Copies what was counted.
   *
   * @param rowsByDay by the first microsecond of the day
   */
  public DeltaStatistics(Map<Long, Long> rowsByDay) {
    this.rowsByDay = new TreeMap<>(rowsByDay);
  }

  /** About how many start in a range: those of a day are spread evenly over it. */
  double rows(TimeRange range) {
    double rows = 0;
    for (Map.Entry<Long, Long> day :
        rowsByDay
            .subMap(Grain.DAY.floor(range.fromMicros()), true, range.toMicros(), false)
            .entrySet()) {
      TimeRange all = new TimeRange(day.getKey(), day.getKey() + Grain.DAY.micros());
      rows += (double) day.getValue() * range.intersect(all).lengthMicros() / Grain.DAY.micros();
    }
    return rows;
  }
}
