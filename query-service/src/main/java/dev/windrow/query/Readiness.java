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

  private Mono<Boolean> check() {
    return reads
        .read(session -> SelectSnapshot.read(session, tenant, PATIENCE))
        .timeout(PATIENCE)
        .thenReturn(true)
        .onErrorResume(
            error -> {
              log.atDebug().setCause(error).log("not ready");
              return Mono.just(false);
            });
  }

  private void tell(boolean ready) {
    log.atInfo().addKeyValue("ready", ready).log("readiness");
    listener.accept(ready);
  }

  @Override
  public synchronized void close() {
    if (loop != null) {
      loop.dispose();
    }
  }
}
