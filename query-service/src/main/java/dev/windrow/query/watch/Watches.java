package dev.windrow.query.watch;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * All that is watched: one {@link Watch} for each question, however many ask it, and one look for
 * changes for them all, while there are any. May be called by any thread; what it calls runs on the
 * {@link WatchThread}.
 */
public final class Watches<M> implements AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final WatchThread thread = new WatchThread();
  private final WatchSettings settings;
  private final Reads<M> reads;
  private final AppendSignals signals;
  private final ChangeFeed feed;
  private final Map<WatchedQuestion, Watch<M>> watches = new HashMap<>();
  private final Map<Watcher<M>, Watch<M>> watching = new HashMap<>();
  private final AtomicLong questionsRead = new AtomicLong();

  /** Watches nothing yet. */
  public Watches(WatchSettings settings, Reads<M> reads, AppendSignals signals) {
    this.settings = settings;
    this.reads = reads;
    this.signals = signals;
    this.feed = new ChangeFeed(thread, reads::changes, settings.poll(), new EachWatch());
  }

  /** Watches a question until {@link #leave}; who was told that it failed must leave, too. */
  public void join(WatchedQuestion question, Watcher<M> watcher) {
    thread.run(() -> enter(question, watcher));
  }

  /** Nothing more is told, once what is under way has been. Idempotent. */
  public void leave(Watcher<M> watcher) {
    thread.run(() -> exit(watcher));
  }

  /** Tells one who has been told an answer as of when it stands. */
  public void confirm(Watcher<M> watcher) {
    thread.run(
        () -> {
          Watch<M> watch = watching.get(watcher);
          AsOf asOf = watch == null ? null : watch.asOf();
          if (asOf != null) {
            watcher.stands(asOf);
          }
        });
  }

  /** How many times a question has been read since the start. */
  public long questionsRead() {
    return questionsRead.get();
  }

  /** Ends all; who still watches is told nothing. */
  @Override
  public void close() {
    thread.run(
        () -> {
          List.copyOf(watching.keySet()).forEach(this::exit);
          thread.close();
        });
  }

  private void enter(WatchedQuestion question, Watcher<M> watcher) {
    if (watching.size() >= settings.maxWatchers()) {
      watcher.failed(tooMany("TOO_MANY_WATCHERS", "streams", settings.maxWatchers()));
      return;
    }
    Watch<M> watch = watches.get(question);
    if (watch == null) {
      if (watches.size() >= settings.maxWatches()) {
        watcher.failed(tooMany("TOO_MANY_WATCHES", "questions", settings.maxWatches()));
        return;
      }
      watch = begin(question);
    }
    watching.put(watcher, watch);
    watch.join(watcher);
    // What is known of its answer may be older than the call.
    feed.wake();
  }

  private void exit(Watcher<M> watcher) {
    Watch<M> watch = watching.remove(watcher);
    if (watch != null) {
      watch.leave(watcher);
    }
  }

  private Watch<M> begin(WatchedQuestion question) {
    Watch<M> watch =
        new Watch<>(thread, reads, question, questionsRead::incrementAndGet, () -> ended(question));
    watches.put(question, watch);
    if (watches.size() == 1) {
      feed.start();
      signals.start(() -> thread.run(feed::wake));
    } else if (feed.hasBegun()) {
      watch.begin();
    }
    return watch;
  }

  private void ended(WatchedQuestion question) {
    watches.remove(question);
    if (watches.isEmpty()) {
      feed.stop();
      signals.stop();
    }
  }

  private static WindrowException tooMany(String reason, String what, int most) {
    return Failure.retryable(
            Status.Code.RESOURCE_EXHAUSTED,
            reason,
            "this server watches as many " + what + " as it may, " + most,
            RETRY_AFTER)
        .with("max_" + what, Integer.toString(most))
        .toException();
  }

  /** What was found is for all watches; some may end by it. */
  private final class EachWatch implements ChangeFeed.Listener {
    @Override
    public void changed(Changes changes) {
      forEach(watch -> watch.changed(changes));
    }

    @Override
    public void away(Throwable error, long begunNanos) {
      forEach(watch -> watch.away(error, begunNanos));
    }

    private void forEach(Consumer<Watch<M>> action) {
      List.copyOf(watches.values()).forEach(action);
    }
  }
}
