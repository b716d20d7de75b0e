package dev.windrow.ingest.correction;

import dev.windrow.ingest.catalog.DeclareActor;
import dev.windrow.ingest.recompute.DayChange;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RecordCorrection;
import dev.windrow.ingest.recompute.TakeBatchId;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.runtime.config.Instance;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Takes events of a tenant back: from then on no answer counts them.
 *
 * <p><b>Why every answer stays exact.</b> The events of a UTC day go in one transaction, which also
 * rebuilds that day of all rollups from the events that are left ({@link Rebuild#change}); others
 * see both or neither. One thing a rebuild does not reach: what a lane holds in memory of batches
 * that are noted as not folded, and writes later. So nothing is done while the snapshot sees such a
 * note of one of the events' batches. If it sees none, the batch's aggregates are in buckets and
 * deltas that it sees, too, and a lane writes each only once. A rollup that is added meanwhile is
 * rebuilt from the events, by one who waits for the same lock.
 *
 * <p>An event's id stays taken, so one that is sent again is a duplicate and does not come back.
 */
public final class Corrections {
  private final ConnectionFactory factory;
  private final int tenantId;
  private final Instance instance;
  private final Rebuild rebuild;

  /**
   * Of one tenant.
   *
   * @param factory makes connections of their own, not those of a pool
   * @param instance that a correction is recorded as made by
   * @param thread where events are folded
   */
  public Corrections(ConnectionFactory factory, int tenantId, Instance instance, Scheduler thread) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.instance = instance;
    this.rebuild = new Rebuild(factory, tenantId, thread);
  }

  /** Looks events up; each once, in the order of their names. */
  public Mono<List<Target>> find(List<EventName> names) {
    List<EventName> distinct = List.copyOf(new LinkedHashSet<>(names));
    return connected(
        connection ->
            FindEventIds.run(connection, tenantId, distinct)
                .flatMap(
                    found ->
                        FindEventTimes.run(
                                connection,
                                tenantId,
                                found.stream().filter(event -> event.voided() == null).toList())
                            .map(times -> targets(distinct, found, times))));
  }

  private static List<Target> targets(
      List<EventName> names, List<FindEventIds.Found> found, Map<EventName, Instant> times) {
    Map<EventName, FindEventIds.Found> byName =
        found.stream().collect(Collectors.toMap(FindEventIds.Found::name, Function.identity()));
    List<Target> targets = new ArrayList<>();
    for (EventName name : names) {
      FindEventIds.Found event = byName.get(name);
      Instant occurredAt = times.get(name);
      if (event == null) {
        targets.add(new Target.Unknown(name));
      } else if (event.voided() != null) {
        targets.add(event.voided());
      } else if (occurredAt == null) {
        targets.add(new Target.NotKept(name));
      } else {
        targets.add(new Target.Stored(name, event.batchId(), occurredAt));
      }
    }
    return targets;
  }

  /**
   * Takes events of one UTC day back. Those that are not there any more are passed over.
   *
   * @param runId under which the rebuilt day is recorded
   * @return a {@link NotFoldedException} if it is too early; other errors as of {@link Rebuild#day}
   */
  public Mono<DayReport> withdraw(
      LocalDate day, List<Target.Stored> events, Withdrawal withdrawal, long runId) {
    Set<Long> batches = events.stream().map(Target.Stored::batchId).collect(Collectors.toSet());
    DayChange change =
        connection ->
            FindUnfoldedAmong.run(connection, tenantId, batches)
                .flatMap(
                    unfolded ->
                        unfolded
                            ? Mono.error(new NotFoldedException())
                            : move(connection, day, events, withdrawal));
    return rebuild.change(day, change, runId);
  }

  private Mono<DayChange.Correction> move(
      PostgresqlConnection connection,
      LocalDate day,
      List<Target.Stored> events,
      Withdrawal withdrawal) {
    Instant from = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant to = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return DeclareActor.run(connection, "jobs/" + withdrawal.jobId())
        .then(Mono.defer(() -> TakeBatchId.run(connection)))
        .flatMap(
            correction ->
                MoveToVoided.run(connection, tenantId, from, to, events, correction, withdrawal)
                    .filter(moved -> moved > 0)
                    .flatMap(
                        moved ->
                            RecordCorrection.run(connection, tenantId, correction, instance, day)
                                .thenReturn(new DayChange.Correction(correction))));
  }

  private <T> Mono<T> connected(Function<Connection, Mono<T>> work) {
    return OwnConnection.use(factory, work::apply);
  }
}
