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
 * <p>Why such a plan is exact: in a snapshot an event is, for a rollup, one of three things: part
 * of a delta row, itself the delta because its batch is not folded, or compacted, and then part of
 * the bucket that its delta row became, of every grain at least as coarse as that row's. A segment
 * of a grain is answered by its buckets, the delta rows that start in it and the unfolded events
 * that occurred in it. So it must not hold an event whose delta row is, or was, coarser than the
 * segment's buckets. Such rows are written only within coarse spans of their own grain or coarser,
 * spans are never taken back, and no segment of a finer grain overlaps one. All other delta rows
 * lie in one segment as a whole, because its bounds are aligned to a grain at least as coarse.
 *
 * @param rollup what serves the segments that are not raw; empty if all are
 * @param rawReason why there is no rollup; empty if there is one
 * @param unfolded the batches whose events count as the rollup's delta
 * @param disturbance by batches whose events the raw segments leave out
 * @param liveDelta whether the delta is read; without it the answer is that of what has been
 *     compacted
 */
public record WindowPlan(
    Optional<RollupDefinition> rollup,
    String rawReason,
    List<Segment> segments,
    List<UnfoldedBatch> unfolded,
    Disturbance disturbance,
    boolean liveDelta) {
  public WindowPlan {
    segments = List.copyOf(segments);
    unfolded = List.copyOf(unfolded);
    if (rollup.isEmpty() && segments.stream().anyMatch(segment -> segment.tier() != Tier.RAW)) {
      throw new IllegalArgumentException("rollup: segments of buckets need one, got none");
    }
  }

  /** A plan that reads nothing but events. */
  static WindowPlan raw(String reason, List<Segment> segments, Disturbance disturbance) {
    return new WindowPlan(Optional.empty(), reason, segments, List.of(), disturbance, true);
  }

  /**
   * A plan by a rollup.
   *
   * @param unfolded all that the rollup has in the window; kept are those that the plan must read
   */
  static WindowPlan of(
      RollupDefinition rollup,
      List<Segment> segments,
      List<UnfoldedBatch> unfolded,
      Disturbance disturbance) {
    WindowPlan folded =
        new WindowPlan(Optional.of(rollup), "", segments, List.of(), disturbance, true);
    return unfolded.isEmpty() ? folded : folded.withUnfolded(unfolded);
  }

  /** The same without what has not been compacted; of raw events nothing is left out. */
  WindowPlan withoutDelta() {
    return rollup.isEmpty()
        ? this
        : new WindowPlan(rollup, rawReason, segments, List.of(), disturbance, false);
  }

  /**
   * The same plan, of a part of its window only.
   *
   * @param parts parts of its segments, in order of time
   */
  public WindowPlan only(List<Segment> parts) {
    WindowPlan rest = new WindowPlan(rollup, rawReason, parts, List.of(), disturbance, liveDelta);
    return unfolded.isEmpty() ? rest : rest.withUnfolded(unfolded);
  }

  private WindowPlan withUnfolded(List<UnfoldedBatch> batches) {
    List<TimeRange> ranges = deltaRanges();
    return new WindowPlan(
        rollup,
        rawReason,
        segments,
        batches.stream().filter(batch -> ranges.stream().anyMatch(batch::touches)).toList(),
        disturbance,
        liveDelta);
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
    if (!liveDelta) {
      return List.of();
    }
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
