package dev.windrow.query.drift;

import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.util.Comparator;

/**
 * The place of a row in an answer, ordered by time and then by group.
 *
 * @param window the interval, cut to the window asked for
 * @param group the values of {@code group_by}, in its order
 */
public record RowKey(TimeRange window, RollupKey group) implements Comparable<RowKey> {
  private static final Comparator<RowKey> ORDER =
      Comparator.<RowKey>comparingLong(key -> key.window().fromMicros())
          .thenComparing(RowKey::group);

  @Override
  public int compareTo(RowKey other) {
    return ORDER.compare(this, other);
  }
}
