package dev.windrow.query.watch;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One question, read once for all who watch it: when it begins, and again after each change in its
 * windows, at the pace of the fastest watcher. A change that an answer had already seen is none.
 * What can be tried again is tried again until it succeeds; anything else ends the watch.
 *
 * <p>No change is missed: the look for changes that the first answer builds on came before it, so
 * whatever that answer did not see is told later. What is told while an answer is being read is
 * kept and compared with the snapshot that the answer turns out to be of.
 *
 * <p>Confined to the {@link WatchThread}.
 */
final class Watch<M> {
  // Of reads: nobody is faster.
  private static final Duration LEAST_PACE = Duration.ofMillis(100);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  /** What was read, and whether it says something else than what was known. */
  private record News<M>(WatchedAnswer<M> answer, boolean changed) {}

  private final WatchThread thread;
  private final Reads<M> reads;
  private final WatchedQuestion question;
  private final Runnable counter;
  private final Runnable ended;
  private final Audience<M> audience;
  private final List<NewBatch> meanwhile = new ArrayList<>();
  private boolean untoldMeanwhile;
  private @Nullable WatchedAnswer<M> answer;
  private @Nullable AsOf asOf;
  private boolean begun;
  private boolean stale = true;
  private boolean reading;
  private boolean closed;
  private long readNanos;
  private Duration retry = Duration.ZERO;
  private Disposable next = Disposables.disposed();
  private Disposable read = Disposables.disposed();

  /**
   * Reads nothing yet.
   *
   * @param counter run once for each read
   * @param ended run once when nobody watches any more, or nobody can
   */
  Watch(
      WatchThread thread,
      Reads<M> reads,
      WatchedQuestion question,
      Runnable counter,
      Runnable ended) {
    this.thread = thread;
    this.reads = reads;
    this.question = question;
    this.counter = counter;
    this.ended = ended;
    this.audience =
        new Audience<>(position -> reads.changedSince(question, position), thread.scheduler());
  }

  /** Adds somebody, who is told the answer once it is known to be newer than this call. */
  void join(Watcher<M> watcher) {
    audience.add(watcher);
    readLater();
  }

  void leave(Watcher<M> watcher) {
    audience.remove(watcher);
    if (audience.isEmpty()) {
      close();
    }
  }

  /** As of when the answer stands that everybody has been told; null before there is one. */
  @Nullable AsOf asOf() {
    return asOf;
  }

  /** Changes are told from now on. */
  void begin() {
    begun = true;
    readLater();
  }

  void changed(Changes changes) {
    begun = true;
    List<NewBatch> touching = changes.in(question.windows());
    WatchedAnswer<M> known = answer;
    if (reading) {
      meanwhile.addAll(touching);
      untoldMeanwhile |= changes.untold() || meanwhile.size() > SelectChanges.MOST;
    } else if (known != null && !stale) {
      stale = changes.untold() || missed(known, touching);
      if (!stale) {
        stands(known, changes);
      }
    }
    readLater();
  }

  /** No change could be looked for. */
  void away(Throwable error, long begunNanos) {
    if (answer == null && !reading) {
      fail(error);
    } else {
      audience.failWaiting(error, begunNanos);
    }
  }

  private static <M> boolean missed(WatchedAnswer<M> known, List<NewBatch> touching) {
    return touching.stream().anyMatch(batch -> !known.asOf().sees(batch));
  }

  private void stands(WatchedAnswer<M> known, Changes changes) {
    AsOf now = changes.asOf().covers(known.asOf().snapshot()) ? changes.asOf() : known.asOf();
    asOf = now;
    audience.verified(changes.begunNanos(), now);
  }

  private void readLater() {
    if (!begun || !stale || reading || closed) {
      return;
    }
    long pause = 0;
    if (answer != null) {
      Duration pace = audience.someWait() ? LEAST_PACE : audience.pace();
      pause = readNanos + longest(pace, LEAST_PACE, retry).toNanos() - System.nanoTime();
    }
    next.dispose();
    next = thread.after(Duration.ofNanos(Math.max(0, pause)), this::read);
  }

  private static Duration longest(Duration... all) {
    Duration longest = Duration.ZERO;
    for (Duration one : all) {
      longest = one.compareTo(longest) > 0 ? one : longest;
    }
    return longest;
  }

  private void read() {
    reading = true;
    stale = false;
    meanwhile.clear();
    untoldMeanwhile = false;
    readNanos = System.nanoTime();
    counter.run();
    WatchedAnswer<M> known = answer;
    Consumer<Throwable> failed = this::failed;
    read =
        reads
            .answer(question)
            .map(found -> new News<>(found, known == null || !same(known, found)))
            .publishOn(thread.scheduler())
            .subscribe(this::answered, failed);
  }

  private boolean same(WatchedAnswer<M> known, WatchedAnswer<M> found) {
    return reads.sameRows(known.message(), found.message());
  }

  private void answered(News<M> news) {
    WatchedAnswer<M> found = news.answer();
    reading = false;
    retry = Duration.ZERO;
    answer = found;
    asOf = found.asOf();
    stale = untoldMeanwhile || missed(found, meanwhile);
    audience.renew(found, news.changed());
    audience.verified(readNanos, found.asOf());
    readLater();
  }

  private void failed(Throwable error) {
    reading = false;
    Failure failure = StatusMapper.toFailure(error);
    Throwable told = failure.toException(error);
    boolean again = failure.retryAfter() != null || failure.code() == Status.Code.DEADLINE_EXCEEDED;
    if (answer == null || !again) {
      fail(told);
      return;
    }
    stale = true;
    Duration doubled = longest(FIRST_RETRY, retry.multipliedBy(2));
    retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    audience.failWaiting(told, readNanos);
    readLater();
  }

  private void fail(Throwable error) {
    audience.failAll(error);
    close();
  }

  private void close() {
    if (!closed) {
      closed = true;
      next.dispose();
      read.dispose();
      audience.close();
      ended.run();
    }
  }
}
