package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.metrics.IngestMetrics;
import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Compacts for as long as it runs, on a connection of its own: step after step while there is more,
 * and again at its {@link Pace}. What goes wrong is logged when it begins, and tried again.
 */
public final class Compactor {
  private static final Logger log = LoggerFactory.getLogger(Compactor.class);
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(1);
  private static final Duration LAST_ROUND = Duration.ofSeconds(3);
  // "no partition of relation found for row": retention has dropped it while an event was under
  // way.
  private static final String NO_PARTITION = "23514";

  private final ConnectionFactory factory;
  private final int tenantId;
  private final Compaction compaction;
  private final FoldOrphans orphans;
  private final Handover handover;
  private final Written written;
  private final Pace pace;
  private final UpkeepMetrics metrics;
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private volatile boolean closing;
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
  // Touched by one step at a time.
  private volatile @Nullable PostgresqlConnection connection;
  private boolean failing;
  private volatile boolean alone;
  private volatile boolean missing;

  private Compactor(
      ConnectionFactory factory,
      int tenantId,
      Compaction compaction,
      FoldOrphans orphans,
      Handover handover,
      Written written,
      Pace pace,
      UpkeepMetrics metrics) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.compaction = compaction;
    this.orphans = orphans;
    this.handover = handover;
    this.written = written;
    this.pace = pace;
    this.metrics = metrics;
  }

  /**
   * A compactor of one tenant's deltas.
   *
   * @param maxDeltas rows in one step, which bounds its memory
   * @param handover where the lanes leave what they carry
   * @param written by this process; the indexes of its days are kept up
   * @param pause between looks at whether there is something to do
   * @param thread where merging and encoding run
   */
  public static Compactor of(
      ConnectionFactory factory,
      int tenantId,
      int maxDeltas,
      Handover handover,
      Written written,
      Duration pause,
      Scheduler thread,
      IngestMetrics metrics) {
    Pace pace = new Pace(written, handover, pause, thread, System::nanoTime);
    return new Compactor(
        factory,
        tenantId,
        new Compaction(tenantId, maxDeltas, handover, pace, metrics.compaction(), thread),
        new FoldOrphans(tenantId, thread),
        handover,
        written,
        pace,
        metrics.upkeep(UpkeepTask.COMPACTION));
  }

  public synchronized void start() {
    ended =
        Mono.defer(() -> pace.isTime() ? pace.gathered().then(round()) : Mono.<Void>empty())
            .then(Mono.defer(() -> Mono.firstWithSignal(pace.pause(), closed.asMono())))
            .onErrorResume(
                e -> {
                  log.error("compaction broke", e);
                  return Mono.delay(AFTER_ERROR).then();
                })
            .repeat(() -> !closing)
            .then()
            .toFuture();
  }

  /**
   * Ends with the round under way, and one more if lanes have left something; what stays behind is
   * found in the database by those who come.
   */
  public synchronized void close() {
    closing = true;
    pace.close();
    closed.tryEmitEmpty();
    try {
      Mono.fromFuture(ended)
          .then(Mono.defer(() -> handover.isWaiting() ? round() : Mono.empty()))
          .toFuture()
          .get(LAST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      log.warn("compaction could not be ended in time: {}", e.toString());
    }
    drop();
  }

  private Mono<Void> round() {
    return Mono.fromRunnable(pace::begin).then(untimedRound()).doFinally(signal -> pace.end());
  }

  private Mono<Void> untimedRound() {
    return Mono.defer(this::connected)
        .flatMap(
            open ->
                // First what the lanes have handed over: it might be taken for orphaned.
                register(open)
                    .then(Mono.defer(() -> compact(open)))
                    .then(Mono.defer(() -> adopt(open)))
                    .then(
                        Mono.defer(() -> SummarizeDays.run(open, Registry.dates(written.take())))))
        .doOnSuccess(
            done -> {
              failing = false;
              metrics.succeeded(alone);
            })
        .onErrorResume(
            error -> {
              metrics.failed();
              if (!failing) {
                failing = true;
                log.warn(
                    "compaction failed and will be tried again: {} {}",
                    SqlFailures.kind(error),
                    error.toString());
              }
              missing = NO_PARTITION.equals(SqlFailures.sqlState(error));
              drop();
              return Mono.empty();
            });
  }

  private Mono<Void> register(PostgresqlConnection open) {
    return missing
        ? RegisterDeltaDays.run(open, tenantId).doOnSuccess(done -> missing = false)
        : Mono.empty();
  }

  private Mono<Void> compact(PostgresqlConnection open) {
    return Mono.defer(() -> compaction.run(open))
        .timeout(STEP_TIMEOUT)
        .repeat()
        .takeUntil(step -> step != Compaction.Step.MORE)
        .doOnNext(
            step -> {
              alone = step != Compaction.Step.BUSY;
              pace.turnedAway(!alone);
            })
        .then();
  }

  private Mono<Void> adopt(PostgresqlConnection open) {
    return Mono.defer(() -> orphans.run(open))
        .timeout(STEP_TIMEOUT)
        .repeat()
        .takeUntil(found -> !found)
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
