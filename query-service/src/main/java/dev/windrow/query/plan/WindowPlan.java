package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which rows answer a question. The segments are disjoint, in order of time, and cover the window
 * exactly.
 *
 * <p>Why such a plan is exact: a segment of a grain is answered by the buckets of that grain that
 * start in it and by the deltas that start in it. Deltas are kept at the rollup's finest grain, and
 * the segment is aligned to a grain at least as coarse, so what a delta summarizes lies in one
 * segment as a whole. Compaction turns a delta into a bucket of every grain in one transaction, so
 * a snapshot has each event once: as delta or as bucket, whichever grain is read.
 *
 * @param rollup what serves the segments that are not raw; empty if all are
 * @param rawReason why there is no rollup; empty if there is one
 */
public record WindowPlan(
    Optional<RollupDefinition> rollup, String rawReason, List<Segment> segments) {
  public WindowPlan {
    segments = List.copyOf(segments);
    if (rollup.isEmpty() && segments.stream().anyMatch(segment -> segment.tier() != Tier.RAW)) {
      throw new IllegalArgumentException("rollup: segments of buckets need one, got none");
    }
  }

  /** The parts that raw events answer. */
  public List<TimeRange> rawRanges() {
    return segments.stream()
        .filter(segment -> segment.tier() == Tier.RAW)
        .map(Segment::range)
        .toList();
  }

  /** The segments that buckets answer. */
  public List<Segment> bucketSegments() {
    return segments.stream().filter(segment -> segment.tier() != Tier.RAW).toList();
  }

  /** The parts whose live delta counts: those of the buckets, adjacent ones joined. */
  public List<TimeRange> deltaRanges() {
    List<TimeRange> joined = new ArrayList<>();
    for (Segment segment : bucketSegments()) {
      int last = joined.size() - 1;
      TimeRange range = segment.range();
      if (last >= 0 && joined.get(last).toMicros() == range.fromMicros()) {
        joined.set(last, new TimeRange(joined.get(last).fromMicros(), range.toMicros()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** The grain of a bucket segment. */
  public static Grain grainOf(Segment segment) {
    return segment.tier().grain().orElseThrow();
  }
}
