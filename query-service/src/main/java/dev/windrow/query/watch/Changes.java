package dev.windrow.query.watch;

import dev.windrow.rollup.TimeRange;
import java.util.List;

/**
 * What has become visible from one look to the next.
 *
 * @param asOf of the later look
 * @param batches with events
 * @param untold whether there may be others, which were too many or cannot be told
 * @param begunNanos when the later look began, as {@link System#nanoTime}; its snapshot is not
 *     older
 */
public record Changes(AsOf asOf, List<NewBatch> batches, boolean untold, long begunNanos) {
  public Changes {
    batches = List.copyOf(batches);
  }

  /** The batches that have events in one of these. */
  List<NewBatch> in(List<TimeRange> windows) {
    return batches.stream().filter(batch -> batch.touches(windows)).toList();
  }
}
