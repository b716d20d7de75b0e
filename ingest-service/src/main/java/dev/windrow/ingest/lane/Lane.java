package dev.windrow.ingest.lane;

import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A bounded buffer, one drainer, one database connection. Natural batching: a flush starts as soon
 * as the one before has ended and takes whatever waits. Only when that was large, was quick, and
 * left others waiting, the next one waits for more, for at most the rest of an interval: one flush
 * of many events costs much less than many of few.
 *
 * <p>Concurrency. Any thread calls {@link #offer} and {@link #whenRoom}; only {@code thread}, which
 * runs one task at a time, polls the queue and touches {@link #batch}, {@link #begun} and {@link
 * #settled}. {@code draining} is true from the moment a drain is scheduled, at once or for later,
 * until the drainer has seen the queue empty. A producer enqueues and then tries to set it; the
 * drainer clears it and then looks at the queue again. Both are sequentially consistent, so of the
 * two at least one sees the other: no request is left behind, and there is never a second drain.
 * The queue's offer happens-before the poll that takes the element, which publishes the request to
 * the drainer. A request's bytes are counted before it is enqueued and given back after its outcome
 * was delivered, so waiting and flushing together keep within the bound. Whoever brings the bytes
 * back to 0 looks for waiters afterwards, and whoever begins to wait looks at the bytes afterwards:
 * nobody waits on an empty lane. The end is told the same way: {@link #close} sets {@code closed}
 * and then wakes, the drainer clears {@code draining} and then looks at {@code closed}. A request
 * that is being offered meanwhile has reserved its bytes before it asked whether the lane is
 * closed, and the end looks at the bytes after it was: either the request is refused or the end
 * waits for it.
 */
public final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  // Told when a flush breaks its promise: no caller waits for ever, and the lane goes on.
  private static final AppendOutcome UNKNOWN =
      new AppendOutcome.Failed(
          Failure.of(
              Status.Code.INTERNAL,
              "OUTCOME_UNKNOWN",
              "whether the request was stored is not known",
              Map.of()));

  // A flush of fewer events is not worth waiting for more.
  private static final int LARGE = 500;

  private final LaneSettings settings;
  private final Executor thread;
  private final Function<List<PendingAppend>, Mono<List<AppendOutcome>>> flush;
  private final MpscArrayQueue<PendingAppend> queue;
  private final Waiters waiting = new Waiters();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final Function<Boolean, Mono<Void>> settle;
  private final AtomicBoolean ticked = new AtomicBoolean();
  private boolean settled;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;

  private final ObjLongConsumer<Runnable> later;
  private List<PendingAppend> batch = List.of();
  private long begun;

  /**
   * @param thread runs tasks one at a time, in order
   * @param flush makes the requests durable; gives one outcome for each, in order, and never an
   *     error; it may complete on any thread
   * @param settle finishes what flushes have left for later, if it is time to; with true, all of
   *     it. Never an error; runs between flushes
   */
  public Lane(
      LaneSettings settings,
      Executor thread,
      Function<List<PendingAppend>, Mono<List<AppendOutcome>>> flush,
      Function<Boolean, Mono<Void>> settle) {
    this(
        settings,
        thread,
        (task, nanos) ->
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, thread).execute(task),
        flush,
        settle);
  }

  /**
   * A lane with a clock of its own.
   *
   * @param later runs a task on the thread in so many nanoseconds
   */
  Lane(
      LaneSettings settings,
      Executor thread,
      ObjLongConsumer<Runnable> later,
      Function<List<PendingAppend>, Mono<List<AppendOutcome>>> flush,
      Function<Boolean, Mono<Void>> settle) {
    this.settings = settings;
    this.later = later;
    this.thread = thread;
    this.flush = flush;
    this.settle = settle;
    this.queue = new MpscArrayQueue<>(settings.maxRequests());
  }

  /** Takes a request or says why not. Never blocks. */
  public Offer offer(PendingAppend request) {
    long size = request.bytes();
    if (closed) {
      return Offer.CLOSED;
    }
    if (!reserve(size)) {
      return Offer.FULL;
    }
    // Asked again behind the reservation, for which the end waits.
    boolean late = closed;
    if (late || !queue.offer(request)) {
      release(size);
      return late ? Offer.CLOSED : Offer.FULL;
    }
    wake();
    return Offer.ACCEPTED;
  }

  private void release(long size) {
    // Others may have been refused only because of these bytes, and the end may have waited.
    if (bytes.addAndGet(-size) == 0) {
      if (!waiting.isEmpty()) {
        thread.execute(waiting::wakeAll);
      }
      if (closed) {
        wake();
      }
    }
  }

  private boolean reserve(long size) {
    long before;
    do {
      before = bytes.get();
      // A request larger than the whole bound still passes, alone.
      if (before > 0 && before + size > settings.maxBytes()) {
        return false;
      }
    } while (!bytes.compareAndSet(before, before + size));
    return true;
  }

  /**
   * Runs {@code retry} once, on the lane's thread, when room may have come. A caller that was
   * refused registers and then offers again, lest the room came in between.
   */
  public void whenRoom(Runnable retry) {
    waiting.add(retry);
    if (bytes.get() == 0) {
      thread.execute(waiting::wakeAll);
    }
  }

  /** Bytes waiting or being flushed. */
  public long bytes() {
    return bytes.get();
  }

  /** Refuses further requests; those taken are still flushed. */
  public void close() {
    closed = true;
    thread.execute(waiting::wakeAll);
    wake();
  }

  /** Completes once the lane is closed and every request that it took has its outcome. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Gives the lane an occasion to settle, should no flush come. */
  public void tick() {
    ticked.set(true);
    wake();
  }

  private void wake() {
    if (draining.compareAndSet(false, true)) {
      thread.execute(this::drain);
    }
  }

  private void drain() {
    batch = take();
    settled &= batch.isEmpty();
    if (batch.isEmpty()) {
      if (closed && !settled) {
        settled = true;
        settle(true);
      } else if (ticked.getAndSet(false)) {
        settle(false);
      } else {
        rest();
      }
      return;
    }
    begun = System.nanoTime();
    List<PendingAppend> requests = batch;
    Mono.defer(() -> flush.apply(requests))
        .onErrorResume(
            e -> {
              log.error("a flush broke", e);
              return Mono.empty();
            })
        .defaultIfEmpty(List.of())
        .subscribe(outcomes -> thread.execute(() -> deliver(outcomes)));
  }

  private void rest() {
    draining.set(false);
    if (!queue.isEmpty() || ticked.get() || (closed && !settled)) {
      wake();
    } else if (closed && bytes.get() == 0) {
      ended.complete(null);
    }
  }

  private void settle(boolean everything) {
    Mono.defer(() -> settle.apply(everything))
        .onErrorResume(
            e -> {
              log.error("settling broke", e);
              return Mono.empty();
            })
        .subscribe(done -> {}, e -> {}, () -> thread.execute(this::drain));
  }

  private void deliver(List<AppendOutcome> outcomes) {
    List<PendingAppend> delivered = batch;
    batch = List.of();
    long freed = 0;
    for (int i = 0; i < delivered.size(); i++) {
      freed += delivered.get(i).bytes();
      try {
        delivered.get(i).done().accept(i < outcomes.size() ? outcomes.get(i) : UNKNOWN);
      } catch (RuntimeException e) {
        // A call that broke while it was told must not stop the lane of all others.
        log.warn("a caller could not be told its outcome", e);
      }
    }
    bytes.addAndGet(-freed);
    // What waits in the queue goes first, and leaves room for those who wait for it.
    long rest = settings.flushInterval().toNanos() - (System.nanoTime() - begun);
    if (rest > 0 && !queue.isEmpty() && events(delivered) >= LARGE) {
      later.accept(this::drain, rest);
    } else {
      drain();
    }
    waiting.wakeAll();
  }

  private static int events(List<PendingAppend> requests) {
    int events = 0;
    for (PendingAppend request : requests) {
      events += request.batch().accepted().size();
    }
    return events;
  }

  private List<PendingAppend> take() {
    List<PendingAppend> taken = new ArrayList<>();
    int events = 0;
    long size = 0;
    while (events < settings.flushEvents() && size < settings.flushBytes()) {
      PendingAppend next = queue.poll();
      if (next == null) {
        break;
      }
      taken.add(next);
      events += next.batch().accepted().size();
      size += next.bytes();
    }
    return taken;
  }
}
