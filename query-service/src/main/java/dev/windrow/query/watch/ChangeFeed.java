package dev.windrow.query.watch;

import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Looks again and again for batches that have become visible, one look for all watches: at least
 * every {@code poll}, and soon after it was woken. That is why a lost notification costs time and
 * never an answer. What could not be found out is found out by the next look that succeeds: each is
 * from the last one that did.
 *
 * <p>Confined to the {@link WatchThread}.
 */
final class ChangeFeed {
  private static final Logger log = LoggerFactory.getLogger(ChangeFeed.class);
  private static final Duration LEAST_PAUSE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Is told what was found, and when nothing could be. */
  interface Listener {
    void changed(Changes changes);

    /**
     * The database could not be asked.
     *
     * @param begunNanos when the look began that failed
     */
    void away(Throwable error, long begunNanos);
  }

  private final WatchThread thread;
  private final BiFunction<@Nullable AsOf, Duration, Mono<Changes>> select;
  private final Duration poll;
  private final Listener listener;
  private @Nullable AsOf last;
  private boolean running;
  private boolean looking;
  private boolean woken;
  private boolean failing;
  private long begunNanos;
  private Disposable next = Disposables.disposed();
  private Disposable look = Disposables.disposed();

  /**
   * Looks for nothing yet.
   *
   * @param select finds the changes since a look, within a time
   */
  ChangeFeed(
      WatchThread thread,
      BiFunction<@Nullable AsOf, Duration, Mono<Changes>> select,
      Duration poll,
      Listener listener) {
    this.thread = thread;
    this.select = select;
    this.poll = poll;
    this.listener = listener;
  }

  void start() {
    running = true;
    look();
  }

  /** Forgets where it was: the next start begins anew. */
  void stop() {
    running = false;
    looking = false;
    woken = false;
    failing = false;
    last = null;
    next.dispose();
    look.dispose();
  }

  /** Whether what becomes visible from now on will be told. */
  boolean hasBegun() {
    return last != null;
  }

  /** Something may have changed. */
  void wake() {
    if (running) {
      woken = true;
      if (!looking) {
        lookLater();
      }
    }
  }

  private void lookLater() {
    Duration pause = woken ? LEAST_PAUSE : poll;
    long nanos = begunNanos + pause.toNanos() - System.nanoTime();
    next.dispose();
    next = thread.after(Duration.ofNanos(Math.max(0, nanos)), this::look);
  }

  private void look() {
    looking = true;
    woken = false;
    begunNanos = System.nanoTime();
    Consumer<Throwable> failed = this::failed;
    look =
        select
            .apply(last, PATIENCE)
            .timeout(PATIENCE)
            .publishOn(thread.scheduler())
            .subscribe(this::found, failed);
  }

  private void found(Changes changes) {
    if (failing) {
      failing = false;
      log.info("changes are looked for again");
    }
    looking = false;
    last = changes.asOf();
    listener.changed(changes);
    goOn();
  }

  private void failed(Throwable error) {
    if (!failing) {
      failing = true;
      log.atWarn().addKeyValue("error", error).log("changes cannot be looked for");
    }
    looking = false;
    listener.away(SqlFailures.translate(error), begunNanos);
    goOn();
  }

  // What the listener did may have ended this, or begun it anew.
  private void goOn() {
    if (running && !looking) {
      lookLater();
    }
  }
}
