package dev.windrow.ingest.compaction;

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

/**
 * Compacts for as long as it runs, on a connection of its own: step after step while there is more,
 * and again after a pause. What goes wrong is logged when it begins, and tried again.
 */
public final class Compactor {
  private static final Logger log = LoggerFactory.getLogger(Compactor.class);
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(60);

  private final ConnectionFactory factory;
  private final Compaction compaction;
  private final Duration pause;
  private @Nullable Disposable running;
  // Touched by one step at a time.
  private volatile @Nullable PostgresqlConnection connection;
  private boolean failing;

  /**
   * @param pause between rounds
   */
  public Compactor(ConnectionFactory factory, Compaction compaction, Duration pause) {
    this.factory = factory;
    this.compaction = compaction;
    this.pause = pause;
  }

  public synchronized void start() {
    running =
        round()
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

  private Mono<Void> round() {
    return Mono.defer(this::connected)
        .flatMap(
            open ->
                Mono.defer(() -> compaction.run(open))
                    .timeout(STEP_TIMEOUT)
                    .repeat()
                    .takeUntil(step -> step != Compaction.Step.MORE)
                    .then())
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
