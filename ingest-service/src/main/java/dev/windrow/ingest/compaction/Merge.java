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
  // About as much work for the server as a flush.
  private static final int LEISURELY_PART = 500;

  final CompactionFold fold;
  private final PostgresqlConnection connection;
  private final int tenantId;
  private final CopyFrame frame;
  private final Pace pace;
  private final Scheduler thread;
  private int written;

  /**
   * @param frame of one merge at a time; kept from one to the next because it is large
   */
  Merge(
      PostgresqlConnection connection,
      int tenantId,
      List<RollupDefinition> rollups,
      CopyFrame frame,
      Pace pace,
      Scheduler thread) {
    this.connection = connection;
    this.tenantId = tenantId;
    this.frame = frame;
    this.pace = pace;
    this.thread = thread;
    Map<Integer, RollupDefinition> byId =
        rollups.stream().collect(Collectors.toMap(RollupDefinition::id, Function.identity()));
    fold = new CompactionFold(byId);
  }

  /** Writes the buckets of everything that was added to {@link #fold}; how many there are. */
  Mono<Integer> write() {
    List<Slot> slots = fold.slots();
    if (slots.isEmpty()) {
      return Mono.just(0);
    }
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
            found -> Mono.defer(() -> writeNext(slots, found)).repeat(() -> written < slots.size()))
        .then(Mono.just(slots.size()));
  }

  private Mono<Void> writeNext(List<Slot> slots, Set<FindStarts.Start> found) {
    int size = pace.isLeisurely() ? LEISURELY_PART : PART;
    int to = Math.min(written + size, slots.size());
    long begin = System.nanoTime();
    return write(slots.subList(written, to), found)
        .publishOn(thread)
        .then(
            Mono.defer(
                () -> {
                  written = to;
                  int left = (slots.size() - to + size - 1) / size;
                  return left > 0 ? pace.breathe(System.nanoTime() - begin, left) : Mono.empty();
                }));
  }

  private Mono<Void> write(List<Slot> part, Set<FindStarts.Start> found) {
    return Flux.fromIterable(stored(part, found).entrySet())
        .concatMap(
            one -> TakeBuckets.run(connection, tenantId, one.getKey(), one.getValue(), thread))
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
