package dev.windrow.query.watch;

import dev.windrow.rollup.TimeRange;
import java.util.List;

/**
 * A batch that has become visible. Times are of its events, in microseconds.
 *
 * @param xid the transaction that wrote it
 */
public record NewBatch(long xid, long oldest, long newest) {
  boolean touches(List<TimeRange> windows) {
    return windows.stream()
        .anyMatch(window -> oldest < window.toMicros() && newest >= window.fromMicros());
  }
}
