package dev.windrow.ingest.upkeep;

import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One kind of upkeep, round after round, for as long as it runs. What goes wrong is counted, logged
 * when it begins, and tried again in the next round.
 *
 * <p>Each round begins after the one before has ended, so what rounds touch is touched by one at a
 * time, and the signals between them order what they see.
 */
public final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final UpkeepTask task;
  private final UpkeepMetrics metrics;
  private final Supplier<Duration> pause;
  private final Mono<Boolean> round;
  private @Nullable Disposable running;
  private boolean failing;

  /**
   * Upkeep, not yet started.
   *
   * @param pause before the next round, asked for after each one
   * @param round subscribed to for each; whether this process was the one to do it
   */
  public Upkeep(
      UpkeepTask task, UpkeepMetrics metrics, Supplier<Duration> pause, Mono<Boolean> round) {
    this.task = task;
    this.metrics = metrics;
    this.pause = pause;
    this.round = round;
  }

  public synchronized void start() {
    running =
        Mono.defer(() -> Mono.delay(pause.get()))
            .then(Mono.defer(this::watched))
            .repeat()
            .subscribe(done -> {}, e -> log.error("{} broke", task.label(), e));
  }

  /** A round under way is cancelled. */
  public synchronized void close() {
    if (running != null) {
      running.dispose();
    }
  }

  private Mono<Boolean> watched() {
    return round
        .doOnNext(
            alone -> {
              failing = false;
              metrics.succeeded(alone);
            })
        .onErrorResume(
            error -> {
              metrics.failed();
              if (!failing) {
                failing = true;
                log.warn(
                    "{} failed and will be tried again: {} {}",
                    task.label(),
                    SqlFailures.kind(error),
                    error.toString());
              }
              return Mono.just(false);
            });
  }
}
