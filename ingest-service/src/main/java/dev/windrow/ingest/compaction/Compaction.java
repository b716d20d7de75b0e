package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.RollupDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One step of compaction, in one transaction: takes delta rows out and adds the same aggregates to
 * their buckets of every grain. So any snapshot sees either the delta or what it became.
 */
public final class Compaction {
  private final int tenantId;
  private final int maxDeltas;
  private final Scheduler thread;

  /**
   * @param maxDeltas rows in one step, which bounds its memory
   * @param thread where merging and encoding run
   */
  public Compaction(int tenantId, int maxDeltas, Scheduler thread) {
    this.tenantId = tenantId;
    this.maxDeltas = maxDeltas;
    this.thread = thread;
  }

  /** What a step did. */
  public enum Step {
    /** It took as much as it may: there may be more. */
    MORE,
    /** Nothing is left. */
    DONE,
    /** Another replica is at work. */
    BUSY
  }

  /** Runs one step; an error leaves a transaction open, which the caller rolls back. */
  public Mono<Step> run(PostgresqlConnection connection) {
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
    return LoadRollups.compacted(connection, tenantId)
        .flatMap(
            rollups -> {
              Merge merge = new Merge(rollups);
              return TakeDeltas.run(connection, tenantId, maxDeltas)
                  .publishOn(thread)
                  .doOnNext(merge::add)
                  .then(Mono.defer(() -> write(connection, merge)));
            });
  }

  private Mono<Step> write(PostgresqlConnection connection, Merge merge) {
    if (merge.deltas == 0) {
      return connection.rollbackTransaction().thenReturn(Step.DONE);
    }
    CopyFrame frame = new CopyFrame();
    for (AggregateRow row : merge.fold.drain()) {
      CopyAggregates.append(frame, tenantId, row);
    }
    byte[] bytes = frame.end();
    return connection
        .copyIn(CopyAggregates.BUCKETS)
        .from(bytes, 0, frame.length())
        .build()
        .then(Mono.defer(connection::commitTransaction))
        .thenReturn(merge.deltas < maxDeltas ? Step.DONE : Step.MORE);
  }

  private static final class Merge {
    final CompactionFold fold;
    int deltas;

    Merge(List<RollupDefinition> rollups) {
      Map<Integer, RollupDefinition> byId =
          rollups.stream().collect(Collectors.toMap(RollupDefinition::id, Function.identity()));
      fold = new CompactionFold(byId);
    }

    void add(TakeDeltas.Taken taken) {
      if (taken.isDelta()) {
        deltas++;
        fold.addDelta(taken.row());
      } else {
        fold.addBucket(taken.row());
      }
    }
  }
}
