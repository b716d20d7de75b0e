package dev.windrow.runtime.job;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.sql.SqlFailures;
import dev.windrow.runtime.sql.WriteTransactions;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * One attempt at a job: does the work and keeps the lease meanwhile. It ends the job when the work
 * has ended, or when the lease tells that its end was asked for. If the lease is lost, or could not
 * be renewed until it was over, the work is stopped and nothing is written any more; nor would it
 * have an effect, because all that an attempt writes is for the attempt that the row names.
 */
final class Attempt implements JobRun {
  private static final Logger log = LoggerFactory.getLogger(Attempt.class);
  // Renewals within a lease: two may be lost.
  private static final int RENEWALS = 3;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
  // In pauses of the failure, one more after so many attempts.
  private static final int LONGEST_REST = 60;
  private static final int SAME_RESTS = 5;

  /** Why the work was stopped before its end. */
  private enum Stop {
    CANCELLED,
    LOST,
    GIVEN_BACK
  }

  private record Progress(long done, long total) {}

  private final WriteTransactions transactions;
  private final String tenant;
  private final JobSettings settings;
  private final JobSignals signals;
  private final Job job;
  private final JobKind kind;
  private final Sinks.One<Stop> stop = Sinks.one();
  private final Sinks.Empty<Void> ended = Sinks.empty();
  private final AtomicInteger pages = new AtomicInteger();
  private final AtomicLong resultBytes = new AtomicLong();
  private volatile Progress progress = new Progress(0, 0);
  // Of the last renewal that is known to have been made, or of the claim.
  private volatile long renewedNanos = System.nanoTime();

  Attempt(
      WriteTransactions transactions,
      String tenant,
      JobSettings settings,
      JobSignals signals,
      Job job,
      JobKind kind) {
    this.transactions = transactions;
    this.tenant = tenant;
    this.settings = settings;
    this.signals = signals;
    this.job = job;
    this.kind = kind;
  }

  /**
   * Begins.
   *
   * @param whenEnded run once, when nothing goes on any more
   */
  void start(Runnable whenEnded) {
    Mono<Object> work =
        Mono.defer(() -> kind.run(this))
            .then(Mono.<Object>just(JobState.SUCCEEDED))
            .onErrorResume(Mono::just);
    Mono.firstWithSignal(work, stop.asMono().cast(Object.class))
        .doOnSubscribe(begun -> renewing())
        .flatMap(this::end)
        .onErrorResume(
            error -> {
              log.warn("job {} could not be ended: {}", job.id(), error.toString());
              return Mono.empty();
            })
        .doFinally(
            signal -> {
              ended.tryEmitEmpty();
              whenEnded.run();
            })
        .subscribe();
  }

  /** Stops the work and gives the job to whoever wants it; completes when that is done. */
  Mono<Void> giveBack() {
    return Mono.defer(
        () -> {
          stop.tryEmitValue(Stop.GIVEN_BACK);
          return ended.asMono();
        });
  }

  @Override
  public Job job() {
    return job;
  }

  @Override
  public void progress(long done, long total) {
    progress = new Progress(done, total);
  }

  @Override
  public Mono<Void> addPage(byte[] body) {
    return resultBytes.addAndGet(body.length) > settings.maxResultBytes()
        ? Mono.error(this::tooLarge)
        : record(body);
  }

  private RuntimeException tooLarge() {
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "RESULT_TOO_LARGE",
            "result: must have at most "
                + settings.maxResultBytes()
                + " bytes; ask for less time, fewer columns or fewer groups",
            Map.of("max_bytes", Long.toString(settings.maxResultBytes())))
        .toException();
  }

  private Mono<Void> record(byte[] body) {
    return transactions
        .run(session -> RecordPage.run(session, tenant, job, pages.get(), body))
        .switchIfEmpty(Mono.error(() -> new CancellationException("the lease is lost")))
        .doOnNext(page -> pages.incrementAndGet())
        .then();
  }

  // Ends with the attempt. A signal of the job may be the wish to cancel it.
  private void renewing() {
    Duration period = settings.lease().dividedBy(RENEWALS);
    Flux.merge(
            Flux.interval(period).onBackpressureDrop().map(tick -> ""),
            signals.of(job.id()).sample(RETRY_PAUSE))
        .onBackpressureLatest()
        .concatMap(tick -> renew(), 0)
        .takeUntilOther(ended.asMono())
        .subscribe(done -> {}, error -> stop.tryEmitValue(Stop.LOST));
  }

  private Mono<Void> renew() {
    long begun = System.nanoTime();
    Progress now = progress;
    return transactions
        .run(
            session ->
                RenewLease.run(session, tenant, job, settings.lease(), now.done(), now.total()))
        .timeout(settings.lease())
        .doOnNext(
            cancelled -> {
              renewedNanos = begun;
              if (cancelled) {
                stop.tryEmitValue(Stop.CANCELLED);
              }
            })
        .switchIfEmpty(
            Mono.fromSupplier(
                () -> {
                  stop.tryEmitValue(Stop.LOST);
                  return true;
                }))
        .onErrorResume(
            error -> {
              if (leaseIsOver()) {
                stop.tryEmitValue(Stop.LOST);
              }
              return Mono.empty();
            })
        .then();
  }

  private boolean leaseIsOver() {
    return System.nanoTime() - renewedNanos >= settings.lease().toNanos();
  }

  private Mono<Void> end(Object how) {
    if (how instanceof Stop stopped) {
      return switch (stopped) {
        case CANCELLED -> end(JobState.CANCELLED, null);
        case GIVEN_BACK -> release();
        case LOST -> Mono.fromRunnable(() -> log.warn("job {}: the lease is lost", job.id()));
      };
    }
    if (how instanceof Throwable error) {
      Throwable translated = SqlFailures.translate(error);
      if (error instanceof CancellationException) {
        return Mono.fromRunnable(() -> log.warn("job {}: {}", job.id(), error.getMessage()));
      }
      Failure failure = StatusMapper.toFailure(translated);
      Duration pause = failure.retryAfter();
      // Whatever passes by itself, such as a database that is away, is no end of the job.
      return pause == null
          ? end(JobState.FAILED, JobFailure.of(failure))
          : rested(pause).then(Mono.defer(this::release));
    }
    return end(JobState.SUCCEEDED, null);
  }

  // Without a pause it would be begun again and again meanwhile; and what does not pass, as memory
  // that is too little for this very job, is tried ever less often. A stop need not wait for it.
  private Mono<Void> rested(Duration pause) {
    Duration rest = pause.multipliedBy(Math.min(1 + job.attempt() / SAME_RESTS, LONGEST_REST));
    return Mono.firstWithSignal(Mono.delay(rest).then(), stop.asMono().then());
  }

  private Mono<Void> end(JobState state, @Nullable JobFailure failure) {
    Progress last = progress;
    JobEnd end = new JobEnd(state, failure, pages.get(), last.done(), last.total());
    return transactions
        .run(session -> EndJob.run(session, tenant, job, end, settings.keep()))
        // To end it twice does nothing; whether it was the first time does not matter.
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY_PAUSE).filter(e -> !leaseIsOver()))
        .doOnNext(done -> log.info("job {}: {}", job.id(), done ? state : "was another's already"))
        .then();
  }

  private Mono<Void> release() {
    return transactions
        .run(session -> MarkGivenBack.run(session, tenant, job))
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY_PAUSE).filter(e -> !leaseIsOver()))
        .then();
  }
}
