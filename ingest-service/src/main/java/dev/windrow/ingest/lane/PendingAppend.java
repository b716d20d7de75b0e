package dev.windrow.ingest.lane;

import dev.windrow.ingest.accept.AcceptedBatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a lane.
 *
 * @param done called once, on the lane's thread, never blocking
 */
public record PendingAppend(
    @Nullable Producer producer, AcceptedBatch batch, Consumer<AppendOutcome> done) {
  private static final int OVERHEAD_BYTES = 500;

  /** About what it holds in memory. */
  public long bytes() {
    return OVERHEAD_BYTES + batch.bytes();
  }
}
