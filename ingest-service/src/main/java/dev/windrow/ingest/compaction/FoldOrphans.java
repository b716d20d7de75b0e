package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.ingest.unfolded.TakeUnfolded;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.RollupDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Folds the batches that a lane has noted as unfolded and then left so, because its process ended
 * or a transaction of it failed: reads their events, writes their delta rows and takes the notes
 * back, in one transaction.
 */
final class FoldOrphans {
  // A lane takes its notes back within about a second.
  private static final Duration ORPHANED_AFTER = Duration.ofSeconds(30);
  // All of the step's rows are in memory.
  private static final int EVENTS_AT_ONCE = 100_000;

  private final int tenantId;
  private final Duration age;
  private final Scheduler thread;

  FoldOrphans(int tenantId, Scheduler thread) {
    this(tenantId, ORPHANED_AFTER, thread);
  }

  FoldOrphans(int tenantId, Duration age, Scheduler thread) {
    this.tenantId = tenantId;
    this.age = age;
    this.thread = thread;
  }

  /** Whether there was something to do; an error leaves a transaction open. */
  Mono<Boolean> run(PostgresqlConnection connection) {
    return connection
        .beginTransaction()
        .then(Mono.defer(() -> TakeUnfolded.run(connection, tenantId, age, EVENTS_AT_ONCE)))
        .flatMap(
            notes ->
                notes.isEmpty()
                    ? connection.rollbackTransaction().thenReturn(false)
                    : fold(connection, notes).thenReturn(true));
  }

  private Mono<Void> fold(PostgresqlConnection connection, List<TakeUnfolded.Note> notes) {
    Set<Long> batches = new TreeSet<>();
    Instant oldest = Instant.MAX;
    Instant newest = Instant.MIN;
    for (TakeUnfolded.Note note : notes) {
      batches.add(note.batchId());
      oldest = note.oldest().isBefore(oldest) ? note.oldest() : oldest;
      newest = note.newest().isAfter(newest) ? note.newest() : newest;
    }
    Instant from = oldest;
    Instant to = newest;
    return LoadRollups.compacted(connection, tenantId)
        .flatMap(
            rollups -> {
              Folds folds = new Folds(rollups, notes);
              return ReadBatches.run(connection, tenantId, batches, from, to)
                  .publishOn(thread)
                  .doOnNext(folds::add)
                  .then(Mono.defer(() -> write(connection, folds)));
            });
  }

  private Mono<Void> write(PostgresqlConnection connection, Folds folds) {
    CopyFrame frame = new CopyFrame();
    for (AggregateRow row : folds.drain()) {
      CopyAggregates.append(frame, tenantId, row);
    }
    byte[] bytes = frame.end();
    return connection
        .copyIn(CopyAggregates.DELTAS)
        .from(bytes, 0, frame.length())
        .build()
        .then(Mono.defer(connection::commitTransaction));
  }

  /** A fold for each rollup, and which batches it takes. */
  private static final class Folds {
    private final Map<DeltaFold, Set<Long>> batches = new HashMap<>();

    Folds(List<RollupDefinition> rollups, List<TakeUnfolded.Note> notes) {
      for (RollupDefinition rollup : rollups) {
        Set<Long> noted = new HashSet<>();
        for (TakeUnfolded.Note note : notes) {
          if (note.rollupId() == rollup.id()) {
            noted.add(note.batchId());
          }
        }
        if (!noted.isEmpty()) {
          batches.put(new DeltaFold(List.of(rollup)), noted);
        }
      }
    }

    void add(StoredEvent event) {
      batches.forEach(
          (fold, noted) -> {
            if (noted.contains(event.batchId())) {
              fold.add(event);
            }
          });
    }

    List<AggregateRow> drain() {
      List<AggregateRow> rows = new ArrayList<>();
      batches.keySet().forEach(fold -> rows.addAll(fold.drain()));
      return rows;
    }
  }
}
