package dev.windrow.ingest.verification;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.metrics.VerificationMetrics;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.ingest.upkeep.BecomeAlone;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.ingest.upkeep.Upkeep;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Verifies the days of a tenant against their events, one after the other and for ever: by one
 * process over all replicas, which writes nothing but what it has found. What that is, and when
 * which day was looked at, is in the database: so it makes no difference which replica is the one,
 * or whether it has been started again, and all replicas tell the same.
 *
 * <p>A verification holds a snapshot, which keeps VACUUM from cleaning up: so it is bounded, in
 * events and in time, and a rest follows that is the longer the longer it took.
 */
public final class Verification {
  private static final long NO_RUN = 0;
  // Seconds of a processor at once would be felt by those who wait for an answer or for an
  // acknowledgement; thrice as long at a third of one hardly is.
  private static final int REST_PER_WORK = 2;

  private final int tenantId;
  private final VerificationSettings settings;
  private final Rebuild rebuild;
  private final VerificationMetrics metrics;
  private final LongSupplier nanoTime;
  private final Upkeep upkeep;
  private final DriftLog drifts = new DriftLog();

  /**
   * Verification, not yet started.
   *
   * @param thread where events are folded
   * @param nanoTime as {@link System#nanoTime}
   */
  public Verification(
      ConnectionFactory factory,
      int tenantId,
      VerificationSettings settings,
      Scheduler thread,
      VerificationMetrics metrics,
      UpkeepMetrics upkeep,
      LongSupplier nanoTime) {
    this.tenantId = tenantId;
    this.settings = settings;
    this.rebuild = new Rebuild(factory, tenantId, thread, REST_PER_WORK);
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.upkeep =
        new Upkeep(
            UpkeepTask.VERIFICATION,
            upkeep,
            settings::pause,
            Mono.defer(() -> OwnConnection.use(factory, this::round)));
  }

  public void start() {
    upkeep.start();
  }

  /** A verification under way is stopped. */
  public void close() {
    upkeep.close();
  }

  private Mono<Boolean> round(PostgresqlConnection connection) {
    return BecomeAlone.run(connection, AdvisoryLock.VERIFICATION, tenantId)
        .flatMap(
            alone ->
                known(connection)
                    .flatMap(days -> Mono.justOrEmpty(days.turn(settings)))
                    .filter(day -> alone)
                    .flatMap(
                        day ->
                            look(connection, day)
                                .then(Mono.defer(() -> DeleteLetGo.run(connection, tenantId)))
                                .then(Mono.defer(() -> known(connection))))
                    .thenReturn(alone));
  }

  private Mono<KnownDays> known(PostgresqlConnection connection) {
    return ReadKnownDays.run(connection, tenantId).doOnNext(days -> metrics.found(days.found()));
  }

  private Mono<Void> look(PostgresqlConnection connection, KnownDay day) {
    return day.estimatedEvents() > settings.maxEvents()
        ? miss(connection, day.day(), Miss.TOO_LARGE, Duration.ZERO)
        : FindAnsweringRollups.run(connection, tenantId)
            .filter(rollups -> !rollups.isEmpty())
            .flatMap(rollups -> verify(connection, day.day(), rollups));
  }

  private Mono<Void> verify(PostgresqlConnection connection, LocalDate day, Set<Integer> rollups) {
    long begin = nanoTime.getAsLong();
    return rebuild
        .day(day, rollups, RebuildMode.VERIFY, NO_RUN)
        .timeout(settings.timeout())
        // What the database or another transaction is to blame for says nothing of the day.
        .onErrorResume(
            error ->
                error instanceof TimeoutException
                    || SqlFailures.kind(error) == SqlFailures.Kind.OTHER,
            error -> missed(connection, day, error, since(begin)))
        .filter(report -> report.outcome() == DayReport.Outcome.DONE)
        .flatMap(report -> verified(connection, report, since(begin)));
  }

  private Mono<DayReport> missed(
      PostgresqlConnection connection, LocalDate day, Throwable error, Duration took) {
    return error instanceof TimeoutException
        ? miss(connection, day, Miss.TIMED_OUT, took).then(Mono.empty())
        // It is told as a failure of upkeep, but other days have their turn before it is tried
        // again.
        : miss(connection, day, Miss.FAILED, took).then(Mono.error(error));
  }

  private Mono<Void> verified(PostgresqlConnection connection, DayReport report, Duration took) {
    drifts.note(report);
    return RecordVerified.run(connection, tenantId, report, took)
        .doOnSuccess(done -> metrics.verified(took));
  }

  private Mono<Void> miss(
      PostgresqlConnection connection, LocalDate day, Miss miss, Duration took) {
    return RecordMiss.run(connection, tenantId, day, miss, took)
        .doOnSuccess(done -> metrics.missed(miss.label()));
  }

  private Duration since(long begin) {
    return Duration.ofNanos(nanoTime.getAsLong() - begin);
  }
}
