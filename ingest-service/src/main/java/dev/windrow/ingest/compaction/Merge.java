package dev.windrow.ingest.compaction;

import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyFrame;
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

/** Merges one step's deltas into their buckets, part by part: reads these, and writes them anew. */
final class Merge {
  // So many are in memory in their old and new form at once.
  private static final int PART = 4_000;

  final CompactionFold fold;
  private final PostgresqlConnection connection;
  private final int tenantId;
  private final CopyFrame frame;
  private final Scheduler thread;

  /**
   * @param frame of one merge at a time; kept from one to the next because it is large
   */
  Merge(
      PostgresqlConnection connection,
      int tenantId,
      List<RollupDefinition> rollups,
      CopyFrame frame,
      Scheduler thread) {
    this.connection = connection;
    this.tenantId = tenantId;
    this.frame = frame;
    this.thread = thread;
    Map<Integer, RollupDefinition> byId =
        rollups.stream().collect(Collectors.toMap(RollupDefinition::id, Function.identity()));
    fold = new CompactionFold(byId);
  }

  /** Writes the buckets of everything that was added to {@link #fold}; how many there are. */
  Mono<Integer> write() {
    List<Slot> slots = fold.slots();
    Set<FindStarts.Start> starts = new HashSet<>();
    FindStarts.Start start = null;
    for (Slot slot : slots) {
      // Slots of one start are neighbours.
      if (start == null || !start.isOf(slot)) {
        start = FindStarts.Start.of(slot);
        starts.add(start);
      }
    }
    return FindStarts.run(connection, tenantId, starts)
        .publishOn(thread)
        .flatMapMany(
            found -> Flux.fromIterable(parts(slots)).concatMap(part -> write(part, found), 0))
        .then(Mono.just(slots.size()));
  }

  private static List<List<Slot>> parts(List<Slot> slots) {
    List<List<Slot>> parts = new ArrayList<>();
    for (int from = 0; from < slots.size(); from += PART) {
      parts.add(slots.subList(from, Math.min(from + PART, slots.size())));
    }
    return parts;
  }

  private Mono<Void> write(List<Slot> part, Set<FindStarts.Start> found) {
    return Flux.fromIterable(stored(part, found).entrySet())
        .concatMap(one -> TakeBuckets.run(connection, tenantId, one.getKey(), one.getValue()))
        .publishOn(thread)
        .doOnNext(fold::addBucket)
        .then(Mono.defer(() -> copy(part)));
  }

  /** The slots at whose start there are buckets, by the number of their dimensions. */
  private static Map<Integer, List<Slot>> stored(List<Slot> slots, Set<FindStarts.Start> starts) {
    Map<Integer, List<Slot>> stored = new TreeMap<>();
    FindStarts.Start start = null;
    boolean found = false;
    for (Slot slot : slots) {
      if (start == null || !start.isOf(slot)) {
        start = FindStarts.Start.of(slot);
        found = starts.contains(start);
      }
      if (found) {
        stored.computeIfAbsent(slot.key().size(), first -> new ArrayList<>()).add(slot);
      }
    }
    return stored;
  }

  private Mono<Void> copy(List<Slot> part) {
    frame.clear();
    for (Slot slot : part) {
      CopyAggregates.append(frame, tenantId, fold.take(slot));
    }
    byte[] bytes = frame.end();
    return connection.copyIn(CopyAggregates.BUCKETS).from(bytes, 0, frame.length()).build().then();
  }
}
