package dev.windrow.query;

import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.runtime.sql.SnapshotReads;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds out again and again whether a question could be answered: the database is reached, has our
 * tables, and knows the tenant. Changes are logged, repetitions are not.
 */
final class Readiness implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Readiness.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final SnapshotReads reads;
  private final String tenant;
  private final Consumer<Boolean> listener;
  private @Nullable Disposable loop;

  Readiness(SnapshotReads reads, String tenant, Consumer<Boolean> listener) {
    this.reads = reads;
    this.tenant = tenant;
    this.listener = listener;
  }

  synchronized void start() {
    loop =
        Flux.interval(Duration.ZERO, PERIOD)
            .onBackpressureDrop()
            // One at a time, and no later tick kept: a slow check delays the next.
            .concatMap(tick -> check(), 1)
            .distinctUntilChanged()
            .subscribe(this::tell);
  }

  /** What is in the way; empty if nothing is. */
  private Mono<String> check() {
    return reads
        .read(session -> SelectSnapshot.read(session, tenant, PATIENCE))
        .timeout(PATIENCE)
        .map(facts -> "")
        .onErrorResume(error -> Mono.just(String.valueOf(error.getMessage())));
  }

  private void tell(String problem) {
    if (problem.isEmpty()) {
      log.info("ready");
    } else {
      log.atWarn().addKeyValue("problem", problem).log("not ready");
    }
    listener.accept(problem.isEmpty());
  }

  @Override
  public synchronized void close() {
    if (loop != null) {
      loop.dispose();
    }
  }
}
