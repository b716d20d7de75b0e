package dev.windrow.ingest.recompute;

import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.rollup.Grain;
import io.r2dbc.spi.ConnectionFactory;
import java.time.LocalDate;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Rebuilds UTC days of a tenant's rollups from their events: to verify them, to repair them, or to
 * fill those that are new. One transaction for each day, see {@link DayRebuild}. Any number of
 * callers on any threads; those that write wait for each other, and for compaction.
 *
 * <p>Errors come through as they are. A serialization failure, a deadlock, or a lock that was not
 * had in time ({@code 40001}, {@code 40P01}, {@code 55P03}) left everything as it was: the caller
 * may try again. So may he after a lost connection, for to rebuild a day twice is to rebuild it
 * once.
 */
public final class Rebuild {
  private final ConnectionFactory factory;
  private final int tenantId;
  private final Scheduler thread;
  private final int restPerWork;

  /**
   * @param factory makes connections of their own, not those of a pool: a day's is closed in the
   *     end, which lets go whatever it still holds
   * @param thread where events are folded, one day's by one worker
   */
  public Rebuild(ConnectionFactory factory, int tenantId, Scheduler thread) {
    this(factory, tenantId, thread, 0);
  }

  /**
   * One that nobody waits for.
   *
   * @param restPerWork it rests so many times as long as it has taken to read some events
   */
  public Rebuild(ConnectionFactory factory, int tenantId, Scheduler thread, int restPerWork) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.thread = thread;
    this.restPerWork = restPerWork;
  }

  /**
   * Rebuilds a day. Cancelled before its COMMIT, it leaves nothing behind: its statement is
   * stopped, and its connection closed, with which its transaction and its lock end.
   *
   * @param rollupIds active or being built; empty for all of them
   * @param runId which the buckets that are written keep, and under which the run is recorded
   * @return an {@link IllegalArgumentException} if one of the rollups is not there
   */
  public Mono<DayReport> day(LocalDate day, Set<Integer> rollupIds, RebuildMode mode, long runId) {
    return run(day, new DayTask(rollupIds, mode, runId, DayChange.NONE, true, Set.of()));
  }

  /**
   * Builds a day of a new rollup: as {@link RebuildMode#REPLACE} does, but where finer buckets
   * would be hardly fewer than their events it declares a coarse span, and leaves them out.
   *
   * @param dispensable grains that may be left out
   * @param active whether it has been answered from
   */
  Mono<DayReport> build(
      LocalDate day, int rollupId, Set<Grain> dispensable, boolean active, long runId) {
    return run(
        day,
        new DayTask(
            Set.of(rollupId), RebuildMode.REPLACE, runId, DayChange.NONE, active, dispensable));
  }

  /**
   * Changes the events of a day, and in the same transaction makes all rollups what they then say:
   * other transactions see both at once, or neither.
   *
   * @param runId under which the day is recorded, if anything was changed
   */
  public Mono<DayReport> change(LocalDate day, DayChange change, long runId) {
    return run(day, new DayTask(Set.of(), RebuildMode.REPLACE, runId, change, false, Set.of()));
  }

  private Mono<DayReport> run(LocalDate day, DayTask task) {
    return OwnConnection.use(
        factory,
        connection -> new DayRebuild(tenantId, day, task, thread, restPerWork).run(connection));
  }

  /**
   * The days of a window that have events, buckets or deltas, the oldest first.
   *
   * @param to exclusive
   */
  public Flux<LocalDate> days(LocalDate from, LocalDate to) {
    return OwnConnection.use(
            factory, connection -> FindDays.run(connection, tenantId, from, to).collectList())
        .flatMapIterable(Function.identity());
  }
}
