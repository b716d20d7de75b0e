package dev.windrow.ingest.recompute;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import dev.windrow.runtime.config.Instance;
import io.r2dbc.postgresql.api.PostgresTransactionDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.IsolationLevel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Rebuilds one UTC day of some rollups from its events, in one REPEATABLE READ transaction: folds
 * the events, compares what comes out with what is stored, and where it is asked to, puts it in the
 * place of that.
 *
 * <p><b>Why buckets + deltas + unfolded events = events, in every snapshot.</b> Let S be the
 * snapshot of this transaction. An event that S sees is of one of two kinds, for each rollup.
 * Either S sees a note that its batch is not folded: then its aggregate is neither in a bucket nor
 * in a delta that S sees, and it is left out here, too. Or its aggregate is in a bucket or delta
 * that S sees. The replacement deletes exactly the buckets and deltas of the day that S sees, and
 * writes the aggregates of exactly the events of the second kind. So it changes what a sum is made
 * of, and not the sum; and it shows to others at once, as a whole.
 *
 * <p>What commits after S was taken is seen neither as an event nor as a delta nor as a note, and
 * stays as it is: a flush brings its events together with their deltas or notes. A lane (or who
 * folds orphans) that takes notes back meanwhile writes deltas in their place: here their batches
 * are still left out, and those deltas are not deleted, for S does not see them. MVCC is the cut
 * between the events that are rebuilt and those that bring their own aggregates; no batch number
 * could be one, as numbers are not committed in order, and no flush is waited for.
 *
 * <p>Who deletes deltas or buckets that S sees would be in the way, and only compaction does. Its
 * lock is taken before S is: by the session, because the statement that waits for the lock of a
 * transaction gives that transaction its snapshot from before the wait, in which the deltas of the
 * compactor that was waited for are still there. Compaction finds the lock taken and comes again;
 * deltas pile up meanwhile, and count. To verify writes nothing and needs no lock: its snapshot is
 * consistent by itself.
 *
 * <p>Events may be taken back before ({@link DayChange}): S sees them gone, as it sees all that its
 * own transaction does, so what is written is of the events that are left. That holds for batches
 * that S sees folded, which whoever takes events back makes sure of.
 *
 * <p>Retention: what the horizons of S have not let go is there for all of S. A day whose events
 * are let go is refused, and buckets of grains that are let go are neither missed nor written.
 *
 * <p>Memory: one aggregate for each key and bucket of the day's rollups, once, and of one rollup at
 * a time those of its deltas; whatever the number of events or stored buckets, which are streamed.
 *
 * <p>For one subscriber; the fold is touched by one thread at a time.
 */
final class DayRebuild {
  // While one piece is folded the next one is read.
  private static final int READ_AHEAD = 1;
  // The run on record says more.
  private static final Instance NOBODY = new Instance("", "");

  private final int tenantId;
  private final LocalDate day;
  private final Instant from;
  private final Instant to;
  private final DayTask task;
  private final Scheduler thread;
  private final int restPerWork;

  /**
   * @param thread where events are folded and rows compared
   * @param restPerWork how many times as long as some events have taken to read
   */
  DayRebuild(int tenantId, LocalDate day, DayTask task, Scheduler thread, int restPerWork) {
    this.tenantId = tenantId;
    this.day = day;
    this.from = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    this.to = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    this.task = task;
    this.thread = thread;
    this.restPerWork = restPerWork;
  }

  /** Runs; an error leaves a transaction and the lock to be ended with the connection. */
  Mono<DayReport> run(PostgresqlConnection connection) {
    return task.mode() == RebuildMode.VERIFY ? verify(connection) : replace(connection);
  }

  private Mono<DayReport> verify(PostgresqlConnection connection) {
    return connection
        .beginTransaction(
            PostgresTransactionDefinition.from(IsolationLevel.REPEATABLE_READ).readOnly())
        .then(Mono.defer(() -> rebuild(connection)))
        .flatMap(report -> connection.rollbackTransaction().thenReturn(report));
  }

  private Mono<DayReport> replace(PostgresqlConnection connection) {
    return LockCompaction.run(connection, tenantId)
        .then(Mono.defer(() -> connection.beginTransaction(IsolationLevel.REPEATABLE_READ)))
        .then(Mono.defer(() -> rebuild(connection)))
        .flatMap(report -> connection.commitTransaction().thenReturn(report))
        .flatMap(
            report ->
                // What was committed stays so; and the lock ends with the session anyway.
                LockCompaction.release(connection, tenantId).onErrorComplete().thenReturn(report));
  }

  private Mono<DayReport> rebuild(PostgresqlConnection connection) {
    return ReadKeptTiers.run(connection, tenantId, from)
        .flatMap(
            kept ->
                kept.events()
                    ? task.change()
                        .apply(connection)
                        .flatMap(
                            correction ->
                                scope(connection, kept)
                                    .flatMap(scope -> rebuild(connection, scope, correction)))
                        .defaultIfEmpty(DayReport.unchanged(day))
                    : Mono.just(DayReport.refused(day)));
  }

  private Mono<DayScope> scope(PostgresqlConnection connection, KeptTiers kept) {
    return LoadRollups.folded(connection, tenantId)
        .map(this::asked)
        .zipWhen(rollups -> ReadCoarseSpans.run(connection, tenantId, from, to))
        .zipWhen(
            before -> ReadUnfolded.run(connection, tenantId, from, to),
            (before, unfolded) ->
                new DayScope(from, to, before.getT1(), kept.grains(), before.getT2(), unfolded));
  }

  private List<RollupDefinition> asked(List<RollupDefinition> all) {
    Set<Integer> ids = all.stream().map(RollupDefinition::id).collect(Collectors.toSet());
    Set<Integer> rollupIds = task.rollupIds();
    if (!ids.containsAll(rollupIds)) {
      throw new IllegalArgumentException(
          "rollups: must be active or being built, got " + rollupIds + " of " + ids);
    }
    return all.stream()
        .filter(rollup -> rollupIds.isEmpty() || rollupIds.contains(rollup.id()))
        .toList();
  }

  private Mono<DayReport> rebuild(
      PostgresqlConnection connection, DayScope scope, DayChange.Correction correction) {
    DayFold fold = new DayFold(scope);
    return ReadDayEvents.run(connection, tenantId, day, scope, restPerWork)
        .publishOn(thread, READ_AHEAD)
        .doOnNext(fold::add)
        .thenMany(
            Flux.fromIterable(scope.rollups())
                .concatMap(
                    rollup ->
                        rebuild(connection, scope, fold, rollup)
                            .flatMap(report -> recorded(connection, report, correction)),
                    0))
        .collectList()
        .flatMap(reports -> told(connection, reports).thenReturn(reports))
        .map(reports -> new DayReport(day, DayReport.Outcome.DONE, reports));
  }

  /** Whoever has read what was wrong hears of it as of a batch of the whole day. */
  private Mono<Void> told(PostgresqlConnection connection, List<RollupReport> reports) {
    boolean mended =
        reports.stream()
            .anyMatch(one -> one.replacement().replaced() && one.findings().differing() > 0);
    return task.repair() && mended
        ? TakeBatchId.run(connection)
            .flatMap(id -> RecordCorrection.run(connection, tenantId, id, NOBODY, day))
        : Mono.empty();
  }

  private Mono<RollupReport> rebuild(
      PostgresqlConnection connection, DayScope scope, DayFold fold, RollupDefinition rollup) {
    Map<Slot, Aggregate> buckets = fold.take(rollup);
    DayComparison comparison = new DayComparison(scope, rollup, buckets);
    return ReadStoredRows.deltas(connection, tenantId, rollup.id(), from, to)
        .publishOn(thread)
        .doOnNext(comparison::addDelta)
        .thenMany(
            Flux.defer(() -> ReadStoredRows.buckets(connection, tenantId, rollup.id(), from, to)))
        .publishOn(thread)
        .doOnNext(comparison::addBucket)
        .then(
            Mono.defer(
                () -> {
                  Findings found = comparison.end(fold.events(rollup), fold.unfoldedEvents(rollup));
                  return replaces(found)
                      ? replace(connection, rollup, comparison, buckets)
                          .map(done -> new RollupReport(rollup.id(), rollup.name(), found, done))
                      : Mono.just(
                          new RollupReport(
                              rollup.id(), rollup.name(), found, RollupReport.Replacement.NONE));
                }))
        .publishOn(thread);
  }

  private Mono<RollupReport> recorded(
      PostgresqlConnection connection, RollupReport report, DayChange.Correction correction) {
    return task.mode() == RebuildMode.VERIFY
        ? Mono.just(report)
        : RecordRun.run(connection, tenantId, task.runId(), day, report, correction)
            .thenReturn(report)
            .publishOn(thread);
  }

  private boolean replaces(Findings found) {
    return switch (task.mode()) {
      case VERIFY -> false;
      case REPLACE -> !found.isWhole();
      case REPLACE_ALWAYS -> true;
    };
  }

  private Mono<RollupReport.Replacement> replace(
      PostgresqlConnection connection,
      RollupDefinition rollup,
      DayComparison comparison,
      Map<Slot, Aggregate> all) {
    List<CoarseSpans.Span> sparse = SparseSpans.of(rollup, all, task.dispensable());
    Map<Slot, Aggregate> buckets = new CoarseSpans(rollup, sparse).without(all);
    return DeleteStoredRows.deltas(connection, tenantId, rollup.id(), from, to)
        .doOnNext(deleted -> check("deltas", deleted, comparison.storedDeltas()))
        .then(
            Mono.defer(() -> DeleteStoredRows.buckets(connection, tenantId, rollup.id(), from, to)))
        .doOnNext(deleted -> check("buckets", deleted, comparison.storedBuckets()))
        .then(Mono.defer(() -> DeclareSpans.run(connection, tenantId, sparse)))
        .then(
            Mono.defer(
                () -> InsertBuckets.run(connection, tenantId, task.runId(), buckets, thread)))
        .then(
            Mono.fromSupplier(
                () ->
                    new RollupReport.Replacement(true, buckets.size(), comparison.storedDeltas())));
  }

  // Follows from the isolation of the transaction; without it, events would be lost.
  private static void check(String what, long deleted, long read) {
    if (deleted != read) {
      throw new IllegalStateException(
          "rebuild: must delete the " + read + " " + what + " that it has read, got " + deleted);
    }
  }
}
