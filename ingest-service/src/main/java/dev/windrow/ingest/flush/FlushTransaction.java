package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.AcceptedEvent;
import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.copy.CopyAggregates;
import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.CopyFrame;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.RollupDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The transaction of one lane's flushes: events, their deltas, producer positions and lineage, all
 * or nothing. Keeps the frames and the catalog from flush to flush; one flush at a time.
 */
final class FlushTransaction {
  private final FlushContext context;
  private final int lane;
  private final Scheduler thread;
  private final CopyFrame eventFrame = new CopyFrame();
  private final CopyFrame deltaFrame = new CopyFrame();
  private long catalogVersion = -1;
  private List<RollupDefinition> rollups = List.of();

  /**
   * @param thread where folding and encoding run, so that no event loop waits for them
   */
  FlushTransaction(FlushContext context, int lane, Scheduler thread) {
    this.context = context;
    this.lane = lane;
    this.thread = thread;
  }

  /** Makes the requests durable; what each is told. After an error a transaction may be open. */
  Mono<List<AppendOutcome>> run(PostgresqlConnection connection, List<PendingAppend> requests) {
    FlushWork work = new FlushWork(requests);
    return context
        .registry()
        .register(connection, work.days(), work.sources(), work.producers())
        .then(Mono.defer(connection::beginTransaction))
        .then(Mono.defer(() -> BeginBatch.run(connection, context.tenantId())))
        .flatMap(stamp -> refreshCatalog(connection, stamp).thenReturn(stamp.batchId()))
        .flatMap(batchId -> write(connection, work, batchId));
  }

  private Mono<List<AppendOutcome>> write(
      PostgresqlConnection connection, FlushWork work, long batchId) {
    int tenant = context.tenantId();
    return LockProducers.run(connection, tenant, work.producers())
        .doOnNext(work::decidePositions)
        .then(Mono.defer(() -> ClaimEventIds.run(connection, tenant, batchId, work.ids())))
        .publishOn(thread)
        .doOnNext(stored -> work.decideIds(stored, context.clock()))
        .flatMap(
            stored ->
                work.writes()
                    ? commit(connection, work, batchId).thenReturn(Long.toString(batchId))
                    : connection.rollbackTransaction().thenReturn(""))
        .map(work::outcomes);
  }

  private Mono<Void> commit(PostgresqlConnection connection, FlushWork work, long batchId) {
    return copyEvents(connection, work, batchId)
        .then(
            Mono.defer(() -> AdvanceProducers.run(connection, context.tenantId(), work.advanced())))
        .then(
            Mono.defer(
                () ->
                    RecordBatch.run(
                        connection,
                        context.tenantId(),
                        context.instance(),
                        work.lineage(batchId, lane))))
        .then(Mono.defer(connection::commitTransaction));
  }

  private Mono<Void> copyEvents(PostgresqlConnection connection, FlushWork work, long batchId) {
    if (work.events().isEmpty()) {
      return Mono.empty();
    }
    encode(work.events(), batchId);
    Mono<Void> events = copy(connection, CopyEvents.SQL, eventFrame);
    return deltaFrame.rows() == 0
        ? events
        : events.then(Mono.defer(() -> copy(connection, CopyAggregates.DELTAS, deltaFrame)));
  }

  private void encode(List<AcceptedEvent> events, long batchId) {
    eventFrame.clear();
    deltaFrame.clear();
    DeltaFold fold = new DeltaFold(rollups);
    int index = 0;
    for (AcceptedEvent event : events) {
      CopyEvents.append(eventFrame, context.tenantId(), batchId, index++, event);
      fold.add(event);
    }
    for (AggregateRow row : fold.drain()) {
      CopyAggregates.append(deltaFrame, context.tenantId(), row);
    }
  }

  private static Mono<Void> copy(PostgresqlConnection connection, String sql, CopyFrame frame) {
    int rows = frame.rows();
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
        .doOnNext(
            loaded -> {
              rollups = loaded;
              catalogVersion = stamp.catalogVersion();
            })
        .then();
  }
}
