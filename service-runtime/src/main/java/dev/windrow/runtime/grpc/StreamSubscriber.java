package dev.windrow.runtime.grpc;

import dev.windrow.runtime.error.StatusMapper;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Sends a stream to a client that reads at its own pace: at most one message has been asked for and
 * not been sent.
 *
 * <p>{@code asked} is set by whoever asks, and cleared when what was asked for has been sent. Who
 * clears it looks once more whether the client is ready: should the client have become so in
 * between, gRPC's handler has seen it set and has not asked.
 */
final class StreamSubscriber<T> extends BaseSubscriber<T> {
  private final ServerCallStreamObserver<T> call;
  // Until there is something to ask.
  private final AtomicBoolean asked = new AtomicBoolean(true);

  StreamSubscriber(ServerCallStreamObserver<T> call) {
    this.call = call;
  }

  /** Asks for a message if the client can take one. By any thread. */
  void ask() {
    if (call.isReady() && asked.compareAndSet(false, true)) {
      request(1);
    }
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    sent();
  }

  @Override
  protected void hookOnNext(T message) {
    if (!call.isCancelled()) {
      call.onNext(message);
      sent();
    }
  }

  @Override
  protected void hookOnError(Throwable error) {
    if (!call.isCancelled()) {
      call.onError(StatusMapper.toStatus(error));
    }
  }

  @Override
  protected void hookOnComplete() {
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  private void sent() {
    asked.set(false);
    ask();
  }
}
