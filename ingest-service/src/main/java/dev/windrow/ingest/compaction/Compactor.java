package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.catalog.WrittenDays;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Compacts for as long as it runs, on a connection of its own: step after step while there is more,
 * and again after a pause. What goes wrong is logged when it begins, and tried again.
 */
public final class Compactor {
  private static final Logger log = LoggerFactory.getLogger(Compactor.class);
  private static final int REST_PER_WORK = 4;
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(60);

  private final ConnectionFactory factory;
  private final Compaction compaction;
  private final FoldOrphans orphans;
  private final WrittenDays written;
  private final Duration pause;
  private @Nullable Disposable running;
  // Touched by one step at a time.
  private volatile @Nullable PostgresqlConnection connection;
  private volatile long lastEnd = System.nanoTime();
  private volatile Duration lastRound = Duration.ZERO;
  private boolean failing;

  /**
   * @param orphans what is folded before deltas are taken
   * @param written the days that this process writes to, whose indexes are kept up
   * @param pause between rounds
   */
  Compactor(
      ConnectionFactory factory,
      Compaction compaction,
      FoldOrphans orphans,
      WrittenDays written,
      Duration pause) {
    this.factory = factory;
    this.compaction = compaction;
    this.orphans = orphans;
    this.written = written;
    this.pause = pause;
  }

  /**
   * A compactor of one tenant's deltas.
   *
   * @param maxDeltas rows in one step, which bounds its memory
   * @param thread where merging and encoding run
   */
  public static Compactor of(
      ConnectionFactory factory,
      int tenantId,
      int maxDeltas,
      WrittenDays written,
      Duration pause,
      Scheduler thread) {
    return new Compactor(
        factory,
        new Compaction(tenantId, maxDeltas, thread),
        new FoldOrphans(tenantId, thread),
        written,
        pause);
  }

  public synchronized void start() {
    running =
        Mono.defer(() -> worthwhile() ? round() : Mono.empty())
            .then(Mono.delay(pause))
            .repeat()
            .subscribe(tick -> {}, e -> log.error("compaction has stopped", e));
  }

  /** Stops after at most the step under way; an unfinished step is rolled back by the database. */
  public synchronized void close() {
    if (running != null) {
      running.dispose();
      running = null;
    }
    drop();
  }

  // While events arrive, merging more deltas at once rewrites each bucket less often: rounds then
  // take a bounded share of the time. When all is quiet there is nothing to wait for.
  private boolean worthwhile() {
    return written.quietFor(pause)
        || System.nanoTime() - lastEnd >= REST_PER_WORK * lastRound.toNanos();
  }

  private Mono<Void> round() {
    long begin = System.nanoTime();
    return untimedRound()
        .doFinally(
            signal -> {
              lastEnd = System.nanoTime();
              lastRound = Duration.ofNanos(lastEnd - begin);
            });
  }

  private Mono<Void> untimedRound() {
    return Mono.defer(this::connected)
        .flatMap(
            open ->
                Mono.defer(() -> orphans.run(open))
                    .timeout(STEP_TIMEOUT)
                    .repeat()
                    .takeUntil(found -> !found)
                    .then(Mono.defer(() -> compact(open)))
                    .then(
                        Mono.defer(() -> SummarizeDays.run(open, Registry.dates(written.take())))))
        .doOnSuccess(done -> failing = false)
        .onErrorResume(
            error -> {
              if (!failing) {
                failing = true;
                log.warn(
                    "compaction failed and will be tried again: {} {}",
                    SqlFailures.kind(error),
                    error.toString());
              }
              drop();
              return Mono.empty();
            });
  }

  private Mono<Void> compact(PostgresqlConnection open) {
    return Mono.defer(() -> compaction.run(open))
        .timeout(STEP_TIMEOUT)
        .repeat()
        .takeUntil(step -> step != Compaction.Step.MORE)
        .then();
  }

  private Mono<PostgresqlConnection> connected() {
    PostgresqlConnection open = connection;
    if (open != null) {
      return Mono.just(open);
    }
    return Mono.<Connection>from(factory.create())
        .cast(PostgresqlConnection.class)
        .doOnNext(fresh -> connection = fresh);
  }

  private void drop() {
    PostgresqlConnection open = connection;
    connection = null;
    if (open != null) {
      open.close()
          .subscribe(done -> {}, e -> log.debug("closing a lost connection: {}", e.toString()));
    }
  }
}
