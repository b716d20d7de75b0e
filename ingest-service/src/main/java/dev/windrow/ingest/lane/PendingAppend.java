package dev.windrow.ingest.lane;

import dev.windrow.ingest.accept.AcceptedBatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a lane.
 *
 * @param allOrNothing whether one rejected event makes the whole request fail
 * @param watermarks that become durable with it
 * @param done called once, on the lane's thread, never blocking
 */
public record PendingAppend(
    @Nullable Producer producer,
    AcceptedBatch batch,
    boolean allOrNothing,
    List<SourceWatermark> watermarks,
    Consumer<AppendOutcome> done) {
  private static final int OVERHEAD_BYTES = 500;
  private static final int WATERMARK_BYTES = 100;

  /** A request of events only, which stores those that it can. */
  public PendingAppend(
      @Nullable Producer producer, AcceptedBatch batch, Consumer<AppendOutcome> done) {
    this(producer, batch, false, List.of(), done);
  }

  /** The same request, but that something is done before anyone is told. */
  PendingAppend before(Runnable first) {
    return new PendingAppend(
        producer,
        batch,
        allOrNothing,
        watermarks,
        outcome -> {
          first.run();
          done.accept(outcome);
        });
  }

  /** How many events it came with, good and bad. */
  public int events() {
    return batch.accepted().size() + batch.rejected().size();
  }

  /** About what it holds in memory. */
  public long bytes() {
    long bytes = OVERHEAD_BYTES + batch.bytes();
    for (SourceWatermark watermark : watermarks) {
      bytes += WATERMARK_BYTES + 2L * watermark.source().length();
    }
    return bytes;
  }
}
