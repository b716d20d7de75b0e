package dev.windrow.ingest.compaction;

import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Merges one step's deltas into their buckets: reads these, and writes them anew. */
final class Merge {
  final CompactionFold fold;
  private final PostgresqlConnection connection;
  private final int tenantId;
  private final Scheduler thread;

  Merge(
      PostgresqlConnection connection,
      int tenantId,
      List<RollupDefinition> rollups,
      Scheduler thread) {
    this.connection = connection;
    this.tenantId = tenantId;
    this.thread = thread;
    Map<Integer, RollupDefinition> byId =
        rollups.stream().collect(Collectors.toMap(RollupDefinition::id, Function.identity()));
    fold = new CompactionFold(byId);
  }

  /** Writes the buckets of everything that was added to {@link #fold}. */
  Mono<Void> write() {
    Set<FindStarts.Start> starts = new HashSet<>();
    fold.slots().forEach(slot -> starts.add(FindStarts.Start.of(slot)));
    return FindStarts.run(connection, tenantId, starts)
        .publishOn(thread)
        .flatMapMany(found -> Flux.fromIterable(stored(found).entrySet()))
        .concatMap(one -> TakeBuckets.run(connection, tenantId, one.getKey(), one.getValue()))
        .publishOn(thread)
        .doOnNext(fold::addBucket)
        .then(Mono.defer(this::copy));
  }

  /** The slots at whose start there are buckets, by the number of their dimensions. */
  private Map<Integer, List<Slot>> stored(Set<FindStarts.Start> starts) {
    Map<Integer, List<Slot>> stored = new TreeMap<>();
    for (Slot slot : fold.slots()) {
      if (starts.contains(FindStarts.Start.of(slot))) {
        stored.computeIfAbsent(slot.key().size(), first -> new ArrayList<>()).add(slot);
      }
    }
    return stored;
  }

  private Mono<Void> copy() {
    CopyFrame frame = new CopyFrame();
    for (AggregateRow row : fold.drain()) {
      CopyAggregates.append(frame, tenantId, row);
    }
    byte[] bytes = frame.end();
    return connection.copyIn(CopyAggregates.BUCKETS).from(bytes, 0, frame.length()).build().then();
  }
}
