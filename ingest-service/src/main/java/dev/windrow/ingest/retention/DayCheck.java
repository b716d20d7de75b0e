package dev.windrow.ingest.retention;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.IsolationLevel;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Checks, in one snapshot, whether everything that the events of a day say is kept elsewhere. */
final class DayCheck {
  private DayCheck() {}

  /**
   * What stands against letting the day go.
   *
   * @param tenantId whose events, or 0 for all of them
   * @param whole whether all of its events must still be there
   */
  static Mono<DayVerdict> run(
      PostgresqlConnection connection, int tenantId, Partition day, boolean whole) {
    return connection
        .beginTransaction(IsolationLevel.REPEATABLE_READ)
        .then(Mono.defer(() -> FindUnsettled.events(connection, tenantId, day.from(), day.to())))
        .flatMap(
            unfolded ->
                unfolded
                    ? Mono.just(new DayVerdict(true, List.of()))
                    : drifts(connection, tenantId, day, whole)
                        .map(found -> new DayVerdict(false, found)))
        .onErrorResume(error -> connection.rollbackTransaction().then(Mono.error(error)))
        .flatMap(verdict -> connection.rollbackTransaction().thenReturn(verdict));
  }

  private static Mono<List<Drift>> drifts(
      PostgresqlConnection connection, int tenantId, Partition day, boolean whole) {
    // A day before the horizon can be built no more: it is not kept for a rollup that came later.
    return FindActiveRollups.run(connection, tenantId, day.from(), whole)
        .flatMapMany(
            rollups ->
                Flux.fromIterable(rollups)
                    .concatMap(rollup -> FindDrift.run(connection, rollup, day, whole), 0))
        .collectList();
  }
}
