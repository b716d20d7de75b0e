package dev.windrow.query.read;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupKey;
import java.util.List;

/**
 * The events of one interval and one group.
 *
 * @param interval its place among the question's intervals, from 0
 * @param group the values of the question's {@code group_by}
 * @param aggregate what the question needs of it; the rest is empty
 * @param shareCounts per status share of the question: how many events have the status
 */
public record Cell(int interval, RollupKey group, Aggregate aggregate, List<Long> shareCounts) {
  public Cell {
    shareCounts = List.copyOf(shareCounts);
  }
}
