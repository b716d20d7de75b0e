package dev.windrow.query.plan;

import dev.windrow.rollup.TimeRange;

/**
 * A batch whose events are themselves the delta of a rollup, which has neither delta rows nor
 * buckets of them.
 *
 * @param time from its oldest event to just after its newest
 */
public record UnfoldedBatch(long batchId, TimeRange time, int eventCount) {
  boolean touches(TimeRange range) {
    return !time.intersect(range).isEmpty();
  }
}
