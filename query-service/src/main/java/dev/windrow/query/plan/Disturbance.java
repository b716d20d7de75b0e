package dev.windrow.query.plan;

import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a window is no longer what an earlier snapshot saw: the stretches of time that <em>later
 * batches</em> touch, those that this snapshot did not see. Answers as of it read these stretches
 * raw, without the events of later batches; everything else is planned as ever.
 *
 * <p>Why that is exact: by {@link WindowPlan}, an answer depends on nothing but the events that lie
 * in its window in the snapshot that is read. Let that be {@code now}, and the earlier one {@code
 * then}; {@code now} must have reached {@code then}. Events are only ever added, and a batch is
 * written by one transaction, so {@code now} sees what {@code then} saw and the events of later
 * batches, each of which lies in a disturbed stretch. Outside of these stretches the two see the
 * same events. Which of them are in delta rows, in noted batches or in buckets may differ: folding,
 * compaction and coarse spans move what a snapshot counts and never change it. So a segment outside
 * is worth what it was, by whatever rows. A bucket that overlaps a stretch, or a delta row of its
 * time, may mix both kinds of events, and cannot be taken apart: no segment of buckets overlaps
 * one. And of raw events it can be told which batch wrote them.
 *
 * <p>A stretch may be longer than what its batches touch: that costs raw events, and changes
 * nothing.
 *
 * @param snapshot the earlier one, as PostgreSQL writes it; empty if there is nothing to leave out
 * @param stretches disjoint, ascending, none of them empty
 */
public record Disturbance(String snapshot, List<TimeRange> stretches) {
  private static final Disturbance NONE = new Disturbance("", List.of());

  public Disturbance {
    stretches = List.copyOf(stretches);
    for (int i = 0; i < stretches.size(); i++) {
      TimeRange stretch = stretches.get(i);
      if (stretch.isEmpty() || (i > 0 && stretches.get(i - 1).toMicros() > stretch.fromMicros())) {
        throw new IllegalArgumentException(
            "stretches: must be disjoint and ascending, got " + stretches);
      }
    }
  }

  /** Nothing is disturbed. */
  public static Disturbance none() {
    return NONE;
  }

  public boolean isNone() {
    return stretches.isEmpty();
  }

  /** The parts of a range that are disturbed, in order of time; none of them is empty. */
  List<TimeRange> within(TimeRange range) {
    List<TimeRange> parts = new ArrayList<>();
    for (int i = firstEndingAfter(range.fromMicros());
        i < stretches.size() && stretches.get(i).fromMicros() < range.toMicros();
        i++) {
      TimeRange part = stretches.get(i).intersect(range);
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private int firstEndingAfter(long micros) {
    int low = 0;
    int high = stretches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stretches.get(middle).toMicros() > micros) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
