package dev.windrow.runtime.job;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.SqlFailures;
import dev.windrow.runtime.sql.WriteTransactions;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jobs of one tenant, for those who ask for them. Errors are as callers may see them. */
public final class Jobs {
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(5);

  private final WriteTransactions transactions;
  private final String tenant;
  private final JobSettings settings;
  private final JobSignals signals;

  /**
   * The jobs of a tenant.
   *
   * @param signals that jobs have changed, which must be started
   */
  public Jobs(
      WriteTransactions transactions, String tenant, JobSettings settings, JobSignals signals) {
    this.transactions = transactions;
    this.tenant = tenant;
    this.settings = settings;
    this.signals = signals;
  }

  /** Creates a job, or gives that of an earlier request by the same name. */
  public Mono<Job> create(NewJob wanted) {
    // Two transactions: what a request under way has inserted is seen by a later snapshot only.
    return transactions
        .run(
            session ->
                LockQueue.run(session, tenant)
                    .then(
                        Mono.defer(
                            () -> InsertJob.run(session, tenant, wanted, settings.maxPending()))))
        .switchIfEmpty(Mono.defer(() -> existing(wanted)))
        .onErrorMap(SqlFailures::translate);
  }

  private Mono<Job> existing(NewJob wanted) {
    return Mono.justOrEmpty(wanted.requestId())
        .flatMap(
            requestId ->
                transactions
                    .run(session -> FindJob.byRequest(session, tenant, wanted, requestId))
                    .map(
                        found -> {
                          if (!found.same()) {
                            throw reused(requestId, found.job().id());
                          }
                          return found.job();
                        }))
        .switchIfEmpty(Mono.defer(() -> conflict(wanted)))
        .switchIfEmpty(Mono.error(this::tooMany));
  }

  private Mono<Job> conflict(NewJob wanted) {
    return Mono.justOrEmpty(wanted.rewrites())
        .flatMap(stretch -> transactions.run(session -> FindConflict.run(session, tenant, stretch)))
        .flatMap(
            id ->
                Mono.error(
                    Failure.of(
                            Status.Code.ABORTED,
                            "JOB_CONFLICT",
                            "job: must not rewrite what another one does, got days of jobs/" + id,
                            Map.of("job", "jobs/" + id))
                        .toException()));
  }

  private static RuntimeException reused(String requestId, String id) {
    return Failure.of(
            Status.Code.ALREADY_EXISTS,
            "REQUEST_ID_REUSED",
            "request_id: was given with another spec, got " + requestId,
            Map.of("request_id", requestId, "job", id))
        .toException();
  }

  private RuntimeException tooMany() {
    return Failure.retryable(
            Status.Code.RESOURCE_EXHAUSTED,
            "TOO_MANY_JOBS",
            "jobs: at most " + settings.maxPending() + " may wait",
            BUSY_PAUSE)
        .with("max_pending", Integer.toString(settings.maxPending()))
        .toException();
  }

  /** The job, or NOT_FOUND. */
  public Mono<Job> find(String id) {
    return transactions
        .run(session -> FindJob.byId(session, tenant, id))
        .onErrorMap(SqlFailures::translate)
        .switchIfEmpty(Mono.error(() -> unknown(id)));
  }

  private static RuntimeException unknown(String id) {
    return Failure.of(
            Status.Code.NOT_FOUND,
            "UNKNOWN_JOB",
            "name: there is no such job, or not any more, got jobs/" + id,
            Map.of("name", "jobs/" + id))
        .toException();
  }

  /**
   * Jobs in these states, newest first.
   *
   * @param after the place of the last one of the page before; empty for the first page
   */
  public Mono<List<Job>> list(Set<JobState> states, Optional<JobPlace> after, int limit) {
    return transactions
        .run(session -> SelectJobs.run(session, tenant, states, after, limit))
        .onErrorMap(SqlFailures::translate);
  }

  /** Asks for its end; the job as it stands then, or NOT_FOUND. */
  public Mono<Job> cancel(String id) {
    return transactions
        .run(session -> CancelJob.run(session, tenant, id, settings.keep()))
        .onErrorMap(SqlFailures::translate)
        .switchIfEmpty(find(id));
  }

  /**
   * The job now, and again whenever it has changed, until it has ended; NOT_FOUND if there is none.
   * What comes faster than it is asked for is coalesced. While the database is away nothing comes.
   */
  public Flux<Job> watch(String id) {
    return signals
        .of(id)
        .onBackpressureLatest()
        .concatMap(
            signal ->
                find(id)
                    .onErrorResume(error -> SqlFailures.isRetryable(error), lost -> Mono.empty()),
            0)
        .distinctUntilChanged()
        .takeUntil(job -> job.state().isEnded());
  }

  /** A page of the result of a job that has succeeded; empty if there is none. */
  public Mono<byte[]> page(String id, int page) {
    return transactions
        .run(session -> ReadPage.run(session, tenant, id, page))
        .onErrorMap(SqlFailures::translate);
  }
}
