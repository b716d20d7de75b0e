package dev.windrow.ingest.recompute;

import dev.windrow.ingest.catalog.DeclareActor;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Creates rollups of a tenant, fills them with its past, and retires them, while events arrive.
 *
 * <p><b>Why a new rollup misses nothing.</b> It is added behind the catalog barrier: a flush that
 * began before has ended, so the snapshots of the days that are rebuilt afterwards see its events;
 * one that begins later reads the new version of the catalog, and brings deltas or a note for the
 * rollup, too. So a day that has been rebuilt once has buckets + deltas + unfolded events = events
 * for it, and keeps that; and a day that had no events when they were listed has had it from the
 * beginning.
 *
 * <p>Retention keeps events as long as a rollup that is being built lacks them.
 */
public final class RollupLife {
  private final ConnectionFactory factory;
  private final int tenantId;
  private final Rebuild rebuild;
  private final Set<Grain> dispensable;
  private final String actor;

  /**
   * @param factory makes connections of their own, not those of a pool
   * @param dispensable grains whose buckets need not be kept where they are hardly fewer than the
   *     events, because they are not kept longer than these
   * @param thread where events are folded
   */
  public RollupLife(
      ConnectionFactory factory, int tenantId, Set<Grain> dispensable, Scheduler thread) {
    this(factory, tenantId, new Rebuild(factory, tenantId, thread), dispensable, "");
  }

  private RollupLife(
      ConnectionFactory factory,
      int tenantId,
      Rebuild rebuild,
      Set<Grain> dispensable,
      String actor) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.rebuild = rebuild;
    this.dispensable = Set.copyOf(dispensable);
    this.actor = actor;
  }

  /** The same, on behalf of somebody whom the audit is to name. */
  public RollupLife as(String who) {
    return new RollupLife(factory, tenantId, rebuild, dispensable, who);
  }

  /**
   * Adds a rollup that is being built: new events are folded into it, no question is answered from
   * it. Flushes wait for an instant.
   *
   * @return its id; an {@link IllegalArgumentException} if there cannot be such a rollup
   */
  public Mono<Integer> create(String name, List<Dimension> dimensions, Set<Grain> grains) {
    return Mono.defer(
        () -> {
          RollupDefinition valid = new RollupDefinition(0, name, dimensions, grains);
          return behindTheBarrier(
              connection ->
                  InsertRollup.run(connection, tenantId, name, valid.dimensions(), valid.grains()));
        });
  }

  /**
   * Builds a rollup, day by day, and has questions answered from it. What has been interrupted can
   * simply be done again: days that are whole are not written.
   *
   * @param runId under which the days are recorded
   * @return an {@link IllegalArgumentException} if it is neither being built nor built already
   */
  public Mono<BuildReport> build(int rollupId, long runId) {
    return connected(connection -> FindRollupState.run(connection, tenantId, rollupId))
        .defaultIfEmpty("not there")
        .flatMap(
            state ->
                Set.of("BUILDING", "ACTIVE").contains(state)
                    ? connected(connection -> FindEventSpan.run(connection, tenantId))
                        .flatMapMany(span -> rebuild.days(span.first(), span.last().plusDays(1)))
                        .collectList()
                        .flatMap(days -> build(rollupId, days, state.equals("ACTIVE"), runId))
                    : Mono.error(
                        new IllegalArgumentException(
                            "rollup: must be being built, got " + rollupId + ", " + state)));
  }

  private Mono<BuildReport> build(int rollupId, List<LocalDate> days, boolean active, long runId) {
    return Flux.fromIterable(days)
        .concatMap(day -> rebuild.build(day, rollupId, dispensable, active, runId), 0)
        .collect(() -> new Built(rollupId), Built::add)
        .map(Built::report)
        .flatMap(
            report ->
                report.isActive()
                    ? connected(
                            connection ->
                                UpdateRollupState.activate(connection, tenantId, rollupId))
                        .thenReturn(report)
                    : Mono.just(report));
  }

  /**
   * Retires a rollup: no event is folded into it any more, no question answered from it, and what
   * it has stored is deleted. Can be done again when it has been interrupted.
   *
   * @return whether it was there and not retired yet
   */
  public Mono<Boolean> retire(int rollupId) {
    return behindTheBarrier(connection -> UpdateRollupState.retire(connection, tenantId, rollupId))
        .flatMap(
            retired ->
                connected(
                        connection ->
                            FindRollupState.run(connection, tenantId, rollupId)
                                .filter("RETIRED"::equals)
                                .flatMap(state -> clear(connection, rollupId)))
                    .thenReturn(retired));
  }

  // A lane forgets what it carries when it hears of the change, and what it has handed over finds
  // its notes gone.
  private Mono<Long> clear(PostgresqlConnection connection, int rollupId) {
    return LockCompaction.run(connection, tenantId)
        .then(Mono.defer(connection::beginTransaction))
        .then(Mono.defer(() -> DeleteRetired.delta(connection, tenantId, rollupId)))
        .then(Mono.defer(connection::commitTransaction))
        .then(Mono.defer(() -> LockCompaction.release(connection, tenantId)))
        .thenMany(
            Mono.defer(() -> DeleteRetired.buckets(connection, tenantId, rollupId))
                .repeat()
                .takeUntil(deleted -> deleted == 0))
        .reduce(0L, Long::sum);
  }

  private <T> Mono<T> behindTheBarrier(Function<PostgresqlConnection, Mono<T>> change) {
    return connected(
        connection ->
            connection
                .beginTransaction()
                .then(Mono.defer(() -> LockCatalog.run(connection, tenantId)))
                .then(Mono.defer(() -> change.apply(connection)))
                .flatMap(changed -> connection.commitTransaction().thenReturn(changed)));
  }

  private <T> Mono<T> connected(Function<PostgresqlConnection, Mono<T>> work) {
    return OwnConnection.use(
        factory,
        connection ->
            DeclareActor.run(connection, actor).then(Mono.defer(() -> work.apply(connection))));
  }

  /** A report in the making. */
  private static final class Built {
    private final int rollupId;
    private final List<LocalDate> notKept = new ArrayList<>();
    private long days;
    private long events;

    Built(int rollupId) {
      this.rollupId = rollupId;
    }

    void add(DayReport day) {
      if (day.outcome() == DayReport.Outcome.EVENTS_NOT_KEPT) {
        notKept.add(day.day());
      } else {
        days++;
        events += day.rollups().stream().mapToLong(one -> one.findings().events()).sum();
      }
    }

    BuildReport report() {
      return new BuildReport(rollupId, days, events, notKept);
    }
  }
}
