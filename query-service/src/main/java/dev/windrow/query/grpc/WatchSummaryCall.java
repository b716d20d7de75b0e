package dev.windrow.query.grpc;

import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.WatchSummaryResponse;
import dev.windrow.query.watch.AsOf;
import dev.windrow.query.watch.WatchedAnswer;
import dev.windrow.query.watch.WatchedQuestion;
import dev.windrow.query.watch.Watcher;
import dev.windrow.query.watch.Watches;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.grpc.ConnectionAge;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One stream of answers. At most one waits to be sent, the newest: for its pace, and for the client
 * to read. Twice in the longest silence that is allowed it looks whether anything was sent since it
 * looked last; before its first message nothing is known to say.
 *
 * <p>Concurrency: gRPC's threads, the watches' thread, and timers only hand tasks to this stream's
 * worker, which runs them one after the other. So its fields need no lock, gRPC's observer sees one
 * thread at a time, and what a watch tells stays in order. After the end the worker takes nothing.
 */
final class WatchSummaryCall implements Watcher<SummarizeResponse> {
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final Watches<SummarizeResponse> watches;
  private final WatchTerms terms;
  private final Duration heartbeat;
  private final ServerCallStreamObserver<WatchSummaryResponse> call;
  private final Consumer<WatchSummaryCall> ended;
  private final Scheduler.Worker worker = Schedulers.parallel().createWorker();
  private final Disposable.Swap asking = Disposables.swap();
  private @Nullable WatchedAnswer<SummarizeResponse> pending;
  // As of when the client has the answer; null before it has one.
  private @Nullable AsOf has;
  private boolean paced;
  private long earliestNanos = System.nanoTime();
  private boolean looks;
  private boolean sentSinceLook;
  private boolean isEnded;

  /**
   * A stream that is not begun.
   *
   * @param heartbeat the longest silence; 0 for any
   * @param ended told when it is over
   */
  WatchSummaryCall(
      Watches<SummarizeResponse> watches,
      WatchTerms terms,
      Duration heartbeat,
      ServerCallStreamObserver<WatchSummaryResponse> call,
      Consumer<WatchSummaryCall> ended) {
    this.watches = watches;
    this.terms = terms;
    this.heartbeat = heartbeat;
    this.call = call;
    this.ended = ended;
  }

  /** Begins to watch. To be called while the call is being set up. */
  void start(Mono<WatchedQuestion> question) {
    call.setOnCancelHandler(() -> run(this::end));
    call.setOnReadyHandler(() -> run(this::send));
    ConnectionAge.untilLeaving().ifPresent(time -> later(time, this::goAway));
    asking.replace(
        question.subscribe(
            asked -> run(() -> watches.join(asked, this)), error -> run(() -> fail(error))));
  }

  /** Ends the stream in its own words. */
  void leave() {
    run(this::goAway);
  }

  @Override
  public Duration pace() {
    return terms.pace();
  }

  @Override
  public Optional<String> resumePosition() {
    return terms.resumePosition();
  }

  @Override
  public void changed(WatchedAnswer<SummarizeResponse> answer) {
    run(
        () -> {
          pending = answer;
          send();
        });
  }

  @Override
  public void stands(AsOf asOf) {
    run(
        () -> {
          // What it is about to be told is newer than what it has.
          AsOf known = pending == null ? asOf : has;
          has = known;
          if (known != null && call.isReady()) {
            write(WatchResponses.heartbeat(known.position(), known.micros()));
          }
        });
  }

  @Override
  public void failed(Throwable error) {
    run(() -> fail(error));
  }

  private void send() {
    WatchedAnswer<SummarizeResponse> answer = pending;
    if (answer == null || paced || !call.isReady()) {
      return;
    }
    long wait = earliestNanos - System.nanoTime();
    if (wait > 0) {
      paced = true;
      later(
          Duration.ofNanos(wait),
          () -> {
            paced = false;
            send();
          });
      return;
    }
    earliestNanos = System.nanoTime() + terms.pace().toNanos();
    pending = null;
    has = answer.asOf();
    write(WatchResponses.answer(answer.message()));
  }

  private void write(WatchSummaryResponse response) {
    if (isEnded || call.isCancelled()) {
      return;
    }
    sentSinceLook = true;
    call.onNext(response);
    if (!looks) {
      looks = true;
      lookLater();
    }
  }

  private void lookLater() {
    Duration half = heartbeat.dividedBy(2);
    if (half.toMillis() > 0) {
      later(half, this::look);
    }
  }

  private void look() {
    if (sentSinceLook) {
      sentSinceLook = false;
    } else {
      watches.confirm(this);
    }
    lookLater();
  }

  private void goAway() {
    AsOf known = has;
    String position = known == null ? terms.resumePosition().orElse("") : known.position();
    write(WatchResponses.goingAway(position));
    fail(
        Failure.retryable(
                Status.Code.UNAVAILABLE,
                "GOING_AWAY",
                "this server is going away; open another stream and resume",
                RETRY_AFTER)
            .toException());
  }

  private void fail(Throwable error) {
    if (!isEnded && !call.isCancelled()) {
      call.onError(StatusMapper.toStatus(error));
    }
    end();
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      ended.accept(this);
      asking.dispose();
      watches.leave(this);
      worker.dispose();
    }
  }

  private void run(Runnable task) {
    later(Duration.ZERO, task);
  }

  private void later(Duration delay, Runnable task) {
    try {
      worker.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException over) {
      // Nothing is told after the end.
    }
  }
}
