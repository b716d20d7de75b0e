package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.unfolded.NoteUnfolded;
import dev.windrow.ingest.unfolded.TakeBackNotes;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
import dev.windrow.rollup.Arrivals;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.function.Tuple2;

/**
 * The transaction of one lane's flushes: events, their deltas, producer positions and lineage, all
 * or nothing. Keeps the frames, the catalog and what is carried from flush to flush; one flush at a
 * time.
 */
final class FlushTransaction {
  private final FlushContext context;
  private final int lane;
  private final Scheduler thread;
  private final Terms sources = new Terms();
  private final FlushRows rows = new FlushRows(sources);
  private final RowFacts facts = new RowFacts(sources);
  private final LaneFold fold;
  private final CopyFrame eventFrame = new CopyFrame();
  private final CopyFrame deltaFrame = new CopyFrame();
  private long catalogVersion = -1;

  /**
   * @param unfolded how much of the delta the lane may leave unfolded
   * @param thread where folding and encoding run, so that no event loop waits for them
   */
  FlushTransaction(FlushContext context, int lane, UnfoldedBounds unfolded, Scheduler thread) {
    this.context = context;
    this.lane = lane;
    this.thread = thread;
    this.fold =
        new LaneFold(unfolded, context.dispensable(), context.handover().lane(), System::nanoTime);
  }

  /**
   * Makes the requests durable; what each is told. After an error a transaction may be open.
   *
   * @return an error that is a {@link StartAgainException} if nothing of it may be written
   */
  Mono<List<AppendOutcome>> run(PostgresqlConnection connection, FlushTry attempt) {
    return fold.awaitRoom()
        .publishOn(thread)
        .doOnSuccess(room -> fold.handOver())
        .then(context.written().during(Mono.defer(() -> flush(connection, attempt))));
  }

  private Mono<List<AppendOutcome>> flush(PostgresqlConnection connection, FlushTry attempt) {
    FlushWork work = attempt.work();
    rows.load(work.blocks());
    context.written().add(rows.days());
    return context
        .registry()
        .register(
            connection,
            daysOf(work),
            rows.days(context.runEvents()),
            rows.sourceNames(),
            work.producers())
        .then(Mono.defer(() -> coarsen(connection)))
        .then(Mono.defer(() -> BeginBatch.run(connection, context.tenantId(), work.producers())))
        .flatMap(begun -> refreshCatalog(connection, begun.stamp()).thenReturn(begun))
        .flatMap(begun -> decide(connection, attempt, work, begun));
  }

  private Set<Long> daysOf(FlushWork work) {
    Set<Long> refused = work.refusedDays();
    refused.addAll(rows.days());
    return refused;
  }

  /** Leaves what is carried to the compactor, if it is time to. On the lane's thread. */
  void handOver() {
    fold.handOver();
  }

  /** Whether {@link #settle} has something to do now. */
  boolean owes(boolean everything) {
    return everything ? fold.carries() : fold.overdue();
  }

  /** Writes what is carried, without a flush. After an error a transaction may be open. */
  Mono<Void> settle(PostgresqlConnection connection) {
    return BeginBatch.run(connection, context.tenantId(), List.of())
        .flatMap(begun -> refreshCatalog(connection, begun.stamp()))
        .publishOn(thread)
        .then(
            Mono.defer(
                () -> {
                  LaneFold.Notes notes = fold(true);
                  return deltas(connection)
                      .then(
                          Mono.defer(
                              () ->
                                  TakeBackNotes.run(
                                      connection, context.tenantId(), notes.takeBack())));
                }))
        .then(Mono.defer(connection::commitTransaction))
        .publishOn(thread)
        .doOnSuccess(
            done -> {
              fold.committed(0);
              context.written().stir();
            });
  }

  /** After an error: what is carried may hold events that are not stored. On the lane's thread. */
  void abandon() {
    fold.forget();
    rows.clear();
  }

  private Mono<Void> coarsen(PostgresqlConnection connection) {
    return MarkCoarse.run(connection, context.tenantId(), fold.proposals(rows.hours()))
        .doOnNext(fold::confirm)
        .then();
  }

  private Mono<List<AppendOutcome>> decide(
      PostgresqlConnection connection, FlushTry attempt, FlushWork work, BeginBatch.Begun begun) {
    int tenant = context.tenantId();
    BeginBatch.Stamp stamp = begun.stamp();
    work.decidePositions(begun.positions());
    return recall(connection, work)
        .then(Mono.defer(() -> ClaimEventIds.run(connection, tenant, stamp.batchId(), work.ids())))
        .publishOn(thread)
        .doOnNext(stored -> work.decideIds(stored, context.clock()))
        .flatMap(stored -> end(connection, attempt, work, stamp));
  }

  private Mono<Void> recall(PostgresqlConnection connection, FlushWork work) {
    return FindResults.run(connection, context.tenantId(), work.repeats(), FlushWork.MAX_RECALLED)
        .doOnNext(work::recall)
        .then();
  }

  private Mono<List<AppendOutcome>> end(
      PostgresqlConnection connection, FlushTry attempt, FlushWork work, BeginBatch.Stamp stamp) {
    if (work.mustStartAgain()) {
      return Mono.error(new StartAgainException(work.refusals()));
    }
    if (!work.writes()) {
      return giveUp(connection, work);
    }
    return lateness(connection, work, stamp)
        .flatMap(
            watermarks ->
                work.writes()
                    ? write(connection, attempt, work, stamp, watermarks)
                    : giveUp(connection, work));
  }

  /** There is nothing to commit. */
  private static Mono<List<AppendOutcome>> giveUp(PostgresqlConnection connection, FlushWork work) {
    return connection.rollbackTransaction().then(Mono.fromSupplier(() -> work.outcomes("")));
  }

  /**
   * What it takes to count arrivals that are not as they should be: nothing is asked where nothing
   * can be.
   */
  private Mono<Map<String, Long>> lateness(
      PostgresqlConnection connection, FlushWork work, BeginBatch.Stamp stamp) {
    Set<Long> old = work.arrivals().oldDays();
    Mono<Void> decided =
        old.isEmpty()
            ? Mono.empty()
            : FindCountedDays.run(connection, context.tenantId(), old)
                .publishOn(thread)
                .doOnNext(work.arrivals()::decideOld)
                .then();
    Mono<Map<String, Long>> watermarks =
        stamp.watermarked() && rows.size() > 0
            ? ReadWatermarks.run(connection, context.tenantId(), rows.sourceNames())
                .publishOn(thread)
            : Mono.just(Map.of());
    return decided.then(watermarks);
  }

  private Mono<List<AppendOutcome>> write(
      PostgresqlConnection connection,
      FlushTry attempt,
      FlushWork work,
      BeginBatch.Stamp stamp,
      Map<String, Long> watermarks) {
    List<AppendOutcome> outcomes = work.outcomes(Long.toString(stamp.batchId()));
    TimeRange span = encode(work, stamp.batchId());
    // The lane folds while the server takes the events. Both are waited for, even if one fails:
    // what comes then finds the rows and the connection to itself.
    return Mono.zipDelayError(
            events(connection).thenReturn(true),
            Mono.fromCallable(() -> fold(work, stamp.batchId(), watermarks)))
        .onErrorMap(SqlFailures::first)
        .map(Tuple2::getT2)
        .flatMap(
            notes ->
                deltas(connection)
                    .then(
                        Mono.defer(
                            () ->
                                TakeBackNotes.run(
                                    connection, context.tenantId(), notes.takeBack())))
                    .then(
                        Mono.defer(
                            () -> {
                              attempt.commits(new SentCommit(stamp, outcomes));
                              return commit(connection, work, stamp, notes, span);
                            })))
        .publishOn(thread)
        .doOnSuccess(
            done -> {
              fold.committed(stamp.batchId());
              fold.handOver();
              context.written().stir();
            })
        .thenReturn(outcomes);
  }

  /**
   * The last statements and the COMMIT, sent at once. If one of them fails the server answers the
   * COMMIT with a rollback, which the driver takes for an error, too; the first one tells.
   */
  private Mono<Void> commit(
      PostgresqlConnection connection,
      FlushWork work,
      BeginBatch.Stamp stamp,
      LaneFold.Notes notes,
      @Nullable TimeRange span) {
    int tenant = context.tenantId();
    long batchId = stamp.batchId();
    Mono<Void> note =
        span == null
            ? Mono.empty()
            : NoteUnfolded.run(connection, tenant, notes.note(), batchId, work.stored(), span);
    boolean first = !stamp.hasArrivals() && !work.arrivals().isEmpty();
    return Mono.whenDelayError(
            note,
            first ? MarkArrivals.run(connection, tenant) : Mono.<Void>empty(),
            AdvanceProducers.run(connection, tenant, batchId, work.advanced()),
            SaveResults.run(connection, tenant, batchId, work.results()),
            DeclareWatermarks.run(connection, tenant, batchId, work.watermarks()),
            RecordBatch.run(
                connection, tenant, context.instance(), work.lineage(stamp, lane, span)),
            connection.commitTransaction())
        .onErrorMap(SqlFailures::first);
  }

  /** Encodes the events; from when to when they are. */
  private @Nullable TimeRange encode(FlushWork work, long batchId) {
    eventFrame.clear();
    Span span = new Span();
    var runs = rows.days(context.runEvents());
    rows.forEach(
        work.dropped(),
        (row, bytes, start, length) -> {
          int at = eventFrame.rowOf(bytes, start, length);
          long occurredAt = CopyEvents.occurredAtMicros(bytes, start);
          CopyEvents.complete(eventFrame.bytes(), at, batchId, row, span.inOneOf(runs, occurredAt));
        });
    return span.range();
  }

  /** Folds the events, lets go of them, and encodes the rows that are written with this flush. */
  private LaneFold.Notes fold(FlushWork work, long batchId, Map<String, Long> watermarks) {
    fold.begin(rows.hours());
    rows.forEach(
        work.dropped(),
        (row, bytes, start, length) -> {
          facts.moveTo(bytes, start, batchId, row);
          fold.add(facts);
          if (!watermarks.isEmpty() && isLate(watermarks, facts.occurredAtMicros())) {
            work.arrivals().add(Arrivals.Kind.LATE, facts.occurredAtMicros());
          }
        });
    rows.clear();
    LaneFold.Notes notes = fold(false);
    work.arrivals().forEach(row -> CopyAggregates.append(deltaFrame, context.tenantId(), row));
    return notes;
  }

  private boolean isLate(Map<String, Long> watermarks, long occurredAtMicros) {
    Long completeUntil = watermarks.get(facts.source());
    return completeUntil != null && occurredAtMicros < completeUntil;
  }

  private LaneFold.Notes fold(boolean settle) {
    deltaFrame.clear();
    return fold.end(settle, row -> CopyAggregates.append(deltaFrame, context.tenantId(), row));
  }

  private Mono<Void> events(PostgresqlConnection connection) {
    return copy(connection, CopyEvents.SQL, eventFrame);
  }

  private Mono<Void> deltas(PostgresqlConnection connection) {
    return copy(connection, CopyAggregates.DELTAS, deltaFrame);
  }

  private static Mono<Void> copy(PostgresqlConnection connection, String sql, CopyFrame frame) {
    int rows = frame.rows();
    if (rows == 0) {
      return Mono.empty();
    }
    byte[] bytes = frame.end();
    return connection
        .copyIn(sql)
        .from(bytes, 0, frame.length())
        .build()
        .flatMap(
            written ->
                written == rows
                    ? Mono.empty()
                    : Mono.error(
                        new IllegalStateException("COPY wrote " + written + " of " + rows)));
  }

  private Mono<Void> refreshCatalog(PostgresqlConnection connection, BeginBatch.Stamp stamp) {
    if (stamp.catalogVersion() == catalogVersion) {
      return Mono.empty();
    }
    return LoadRollups.folded(connection, context.tenantId())
        .publishOn(thread)
        .doOnNext(
            loaded -> {
              fold.use(loaded);
              catalogVersion = stamp.catalogVersion();
            })
        .then();
  }
}
