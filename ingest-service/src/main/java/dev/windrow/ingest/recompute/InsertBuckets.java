package dev.windrow.ingest.recompute;

import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Slot;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Writes the buckets of a run, in frames of some rows each. */
final class InsertBuckets {
  // Of these, the bytes are in memory at once.
  private static final int AT_ONCE = 4_000;

  private InsertBuckets() {}

  /**
   * Writes buckets.
   *
   * @param thread where they are encoded
   */
  static Mono<Void> run(
      PostgresqlConnection connection,
      int tenantId,
      long runId,
      Map<Slot, Aggregate> buckets,
      Scheduler thread) {
    return Flux.fromIterable(buckets.entrySet())
        .buffer(AT_ONCE)
        .publishOn(thread, 1)
        .concatMap(part -> copy(connection, tenantId, runId, part).publishOn(thread), 0)
        .then();
  }

  private static Mono<Long> copy(
      PostgresqlConnection connection,
      int tenantId,
      long runId,
      List<Map.Entry<Slot, Aggregate>> part) {
    CopyFrame frame = new CopyFrame();
    for (Map.Entry<Slot, Aggregate> bucket : part) {
      Slot slot = bucket.getKey();
      CopyAggregates.appendRebuilt(
          frame,
          tenantId,
          new AggregateRow(
              slot.rollupId(), slot.grain(), slot.startMicros(), slot.key(), bucket.getValue()),
          runId);
    }
    byte[] bytes = frame.end();
    return connection.copyIn(CopyAggregates.REBUILT_BUCKETS).from(bytes, 0, frame.length()).build();
  }
}
