package dev.windrow.runtime.grpc;

import dev.windrow.runtime.error.StatusMapper;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The bridge from a gRPC call to Reactor: demand, cancellation and deadline of the call hold. */
public final class ReactiveCalls {
  private ReactiveCalls() {}

  /**
   * Answers a unary call. A cancelled call cancels {@code answer}; an error becomes a status with
   * details.
   */
  public static <T> void unary(Mono<T> answer, StreamObserver<T> observer) {
    var call = (ServerCallStreamObserver<T>) observer;
    Disposable.Swap subscription = Disposables.swap();
    // Set before subscribing, so that no cancel falls between the two.
    call.setOnCancelHandler(subscription::dispose);
    subscription.replace(
        answer.subscribe(
            value -> {
              if (!call.isCancelled()) {
                call.onNext(value);
                call.onCompleted();
              }
            },
            error -> {
              if (!call.isCancelled()) {
                call.onError(StatusMapper.toStatus(error));
              }
            }));
  }

  /**
   * Answers a call with a stream. Each message is asked for when the client can take it; a
   * cancelled call cancels {@code answers}; an error becomes a status with details.
   */
  public static <T> void stream(Flux<T> answers, StreamObserver<T> observer) {
    var call = (ServerCallStreamObserver<T>) observer;
    StreamSubscriber<T> subscriber = new StreamSubscriber<>(call);
    // Set before subscribing, so that no cancel falls between the two.
    call.setOnCancelHandler(subscriber::cancel);
    call.setOnReadyHandler(subscriber::ask);
    answers.subscribe(subscriber);
  }

  /** What is left of the current call's time, at most {@code limit}; never negative. */
  public static Duration remaining(Duration limit) {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return limit;
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    return left.compareTo(limit) < 0 ? left : limit;
  }
}
