package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.ingest.metrics.CompactionMetrics;
import dev.windrow.ingest.unfolded.CarriedFold;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.ingest.unfolded.TakeBackNotes;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One step of compaction, in one transaction: takes delta rows out, and the notes of batches whose
 * folds the lanes have handed over, and adds the same aggregates to their buckets of every grain.
 * So any snapshot sees either the delta, in either of its forms, or what it became.
 */
final class Compaction {
  private final int tenantId;
  private final int maxDeltas;
  private final Handover handover;
  private final Pace pace;
  private final CompactionMetrics metrics;
  private final Scheduler thread;
  // Of one step at a time. Of one that was given up, bytes may still be on their way when they are
  // written over; nothing commits them.
  private final CopyFrame frame = new CopyFrame();

  /**
   * @param maxDeltas rows in one step, which bounds its memory together with what lanes may carry
   * @param thread where merging and encoding run
   */
  Compaction(
      int tenantId,
      int maxDeltas,
      Handover handover,
      Pace pace,
      CompactionMetrics metrics,
      Scheduler thread) {
    this.tenantId = tenantId;
    this.maxDeltas = maxDeltas;
    this.handover = handover;
    this.pace = pace;
    this.metrics = metrics;
    this.thread = thread;
  }

  /** What a step did. */
  enum Step {
    /** It took as much as it may: there may be more. */
    MORE,
    /** Nothing is left. */
    DONE,
    /** Another replica is at work. */
    BUSY
  }

  /**
   * Runs one step. An error leaves a transaction open, which the caller rolls back; what was handed
   * over is given up then, and will be folded from its events.
   */
  Mono<Step> run(PostgresqlConnection connection) {
    return connection
        .beginTransaction()
        .then(Mono.defer(() -> BecomeCompactor.run(connection, tenantId)))
        .flatMap(
            alone ->
                alone
                    ? compact(connection)
                    : connection.rollbackTransaction().thenReturn(Step.BUSY));
  }

  private Mono<Step> compact(PostgresqlConnection connection) {
    return Mono.defer(
        () -> {
          List<Handover.Parcel> parcels = handover.take();
          return LoadRollups.compacted(connection, tenantId)
              .publishOn(thread)
              .flatMap(
                  rollups ->
                      compact(
                          connection,
                          new Merge(connection, tenantId, rollups, frame, pace, thread),
                          parcels))
              .doFinally(signal -> parcels.forEach(Handover.Parcel::close));
        });
  }

  private Mono<Step> compact(
      PostgresqlConnection connection, Merge merge, List<Handover.Parcel> parcels) {
    long begin = System.nanoTime();
    Map<Integer, List<Long>> folded = new HashMap<>();
    for (Handover.Parcel parcel : parcels) {
      for (CarriedFold carried : parcel.folds()) {
        merge.fold.add(carried.rows());
        folded
            .computeIfAbsent(carried.rows().rollup().id(), first -> new ArrayList<>())
            .addAll(carried.batchIds());
      }
    }
    AtomicInteger deltas = new AtomicInteger();
    return TakeBackNotes.run(connection, tenantId, folded)
        .thenMany(TakeDeltas.run(connection, tenantId, maxDeltas, thread))
        .doOnNext(
            delta -> {
              deltas.incrementAndGet();
              merge.fold.addDelta(delta);
            })
        .then(
            Mono.defer(
                () ->
                    folded.isEmpty() && deltas.get() == 0
                        ? connection.rollbackTransaction()
                        : merge
                            .write()
                            .flatMap(
                                buckets ->
                                    connection
                                        .commitTransaction()
                                        .doOnSuccess(
                                            done ->
                                                metrics.stepped(
                                                    System.nanoTime() - begin,
                                                    deltas.get(),
                                                    batches(folded),
                                                    buckets)))))
        .thenReturn(deltas)
        .map(taken -> taken.get() < maxDeltas ? Step.DONE : Step.MORE);
  }

  private static int batches(Map<Integer, List<Long>> folded) {
    return folded.values().stream().mapToInt(List::size).sum();
  }
}
