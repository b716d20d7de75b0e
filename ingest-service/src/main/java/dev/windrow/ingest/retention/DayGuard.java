package dev.windrow.ingest.retention;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Says whether days of events may go, and tells why not. For one round at a time. */
final class DayGuard {
  private static final Logger log = LoggerFactory.getLogger(DayGuard.class);

  private final int tenantId;
  private final HeldDays held = new HeldDays();

  /**
   * A guard.
   *
   * @param tenantId whose events, or {@link dev.windrow.ingest.catalog.AdvisoryLock#ALL_TENANTS} of
   *     them
   */
  DayGuard(int tenantId) {
    this.tenantId = tenantId;
  }

  /**
   * Whether all that the events of a day say is kept elsewhere. To be asked once a round.
   *
   * @param whole whether all of them must still be there
   */
  Mono<Boolean> mayGo(PostgresqlConnection connection, Partition day, boolean whole) {
    if (!held.isTime(day.begin())) {
      return Mono.just(false);
    }
    return DayCheck.run(connection, tenantId, day, whole)
        .doOnNext(
            verdict -> {
              if (held.note(day.begin(), verdict)) {
                verdict.drifts().forEach(drift -> tell(day, drift));
              }
            })
        .map(DayVerdict::mayGo);
  }

  private static void tell(Partition day, Drift drift) {
    log.atWarn()
        .addKeyValue("day", day.begin())
        .addKeyValue("tenant", drift.tenantId())
        .addKeyValue("rollup", drift.rollup())
        .addKeyValue("keys", drift.keys())
        .addKeyValue("example", drift.example())
        .log("raw events stay: a rollup does not say of the day what they say");
  }
}
