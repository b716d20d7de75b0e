package dev.windrow.query.read;

import dev.windrow.query.plan.UnfoldedBatch;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of time and the unfolded batches whose events lie in it.
 *
 * @param batchIds at least one
 */
public record UnfoldedStretch(TimeRange time, List<Long> batchIds) {
  private record Gap(int before, long micros) {}

  public UnfoldedStretch {
    batchIds = List.copyOf(batchIds);
  }

  /**
   * Parts batches where no event of any lies, at the widest gaps: old and new batches are far apart
   * in time, in the partitions and in their ids.
   *
   * @param most how many stretches
   */
  public static List<UnfoldedStretch> of(List<UnfoldedBatch> batches, int most) {
    List<UnfoldedBatch> sorted = new ArrayList<>(batches);
    sorted.sort(Comparator.comparingLong(batch -> batch.time().fromMicros()));
    List<UnfoldedStretch> stretches = new ArrayList<>();
    int from = 0;
    for (int to : ends(sorted, most)) {
      stretches.add(of(sorted.subList(from, to)));
      from = to;
    }
    return stretches;
  }

  /** The places in the list where a stretch ends, ascending; the last is its size. */
  private static List<Integer> ends(List<UnfoldedBatch> sorted, int most) {
    List<Gap> gaps = new ArrayList<>();
    long reached = Long.MIN_VALUE;
    for (int i = 0; i < sorted.size(); i++) {
      TimeRange time = sorted.get(i).time();
      if (i > 0 && time.fromMicros() > reached) {
        gaps.add(new Gap(i, time.fromMicros() - reached));
      }
      reached = Math.max(reached, time.toMicros());
    }
    gaps.sort(Comparator.comparingLong(Gap::micros).reversed());
    List<Integer> ends = new ArrayList<>();
    gaps.subList(0, Math.min(most - 1, gaps.size())).forEach(gap -> ends.add(gap.before()));
    ends.add(sorted.size());
    ends.sort(null);
    return ends;
  }

  private static UnfoldedStretch of(List<UnfoldedBatch> batches) {
    long from = batches.stream().mapToLong(batch -> batch.time().fromMicros()).min().orElseThrow();
    long to = batches.stream().mapToLong(batch -> batch.time().toMicros()).max().orElseThrow();
    return new UnfoldedStretch(
        new TimeRange(from, to), batches.stream().map(UnfoldedBatch::batchId).sorted().toList());
  }
}
