package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.SqlFailures;
import dev.windrow.runtime.sql.WriteTransactions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Works at the jobs of one tenant that are of kinds it knows, some at a time: claims one whenever
 * there is room, and gives all back when it is closed.
 *
 * <p>Looks for jobs go one after the other, so only one claims; that room which is there at the
 * beginning of a look is still there when a job is claimed, because runs that begin are counted
 * before they begin, and others only end.
 */
public final class JobWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);
  private static final int MAX_ATTEMPTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final WriteTransactions transactions;
  private final String tenant;
  private final String name;
  private final JobSettings settings;
  private final JobSignals signals;
  private final Map<String, JobKind> kinds;
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private final Sinks.Many<String> freed = Sinks.many().multicast().directBestEffort();
  private volatile Disposable looking = Disposables.disposed();
  // Touched by one look at a time.
  private boolean failing;

  /**
   * A worker that does nothing yet.
   *
   * @param name of this process, for people
   * @param signals that jobs have changed, which must be started
   */
  public JobWorker(
      WriteTransactions transactions,
      String tenant,
      String name,
      JobSettings settings,
      JobSignals signals,
      Set<JobKind> kinds) {
    this.transactions = transactions;
    this.tenant = tenant;
    this.name = name;
    this.settings = settings;
    this.signals = signals;
    this.kinds = kinds.stream().collect(Collectors.toMap(JobKind::name, Function.identity()));
  }

  public void start() {
    looking =
        Flux.merge(signals.all(), freed.asFlux())
            .onBackpressureLatest()
            .concatMap(signal -> look(), 0)
            .subscribe(done -> {}, e -> log.error("looking for jobs broke", e));
  }

  /** Stops what runs and gives it back, so that others may begin it at once. */
  @Override
  public void close() {
    looking.dispose();
    Flux.fromIterable(running)
        .flatMap(Attempt::giveBack)
        .then()
        .timeout(CLOSE_TIMEOUT, Mono.empty())
        .onErrorComplete()
        .toFuture()
        .completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private Mono<Void> look() {
    return upkeep()
        .then(Mono.defer(this::claimAll))
        .timeout(PATIENCE)
        .doOnSuccess(done -> failing = false)
        .onErrorResume(
            error -> {
              if (!failing) {
                failing = true;
                log.warn(
                    "jobs could not be looked for, which will be tried again: {} {}",
                    SqlFailures.kind(error),
                    error.toString());
              }
              return Mono.empty();
            });
  }

  private Mono<Void> upkeep() {
    return transactions.run(
        session ->
            EndLostJobs.run(session, tenant, settings.keep(), MAX_ATTEMPTS)
                .then(Mono.defer(() -> DeleteExpiredJobs.run(session, tenant))));
  }

  private Mono<Void> claimAll() {
    return Flux.range(0, Math.max(0, settings.slots() - running.size()))
        .concatMap(room -> claim().map(Optional::of).defaultIfEmpty(Optional.empty()), 0)
        .takeWhile(Optional::isPresent)
        .doOnNext(job -> begin(job.orElseThrow()))
        .then();
  }

  private Mono<Job> claim() {
    return transactions.run(
        session ->
            LockQueue.run(session, tenant)
                .then(
                    Mono.defer(
                        () -> ClaimJob.run(session, tenant, kinds.keySet(), name, settings))));
  }

  private void begin(Job job) {
    JobKind kind = kinds.get(job.kind());
    if (kind == null) {
      throw new IllegalStateException("claimed a job of a kind that was not asked for");
    }
    Attempt attempt = new Attempt(transactions, tenant, settings, signals, job, kind);
    running.add(attempt);
    log.atInfo()
        .addKeyValue("job", job.id())
        .addKeyValue("kind", job.kind())
        .addKeyValue("attempt", job.attempt())
        .log("begun");
    attempt.start(
        () -> {
          running.remove(attempt);
          freed.tryEmitNext("");
        });
  }
}
