package dev.windrow.ingest;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What a stream answered, and how it ended. */
final class Answers<T> implements StreamObserver<T> {
  final List<T> all = new CopyOnWriteArrayList<>();
  final CompletableFuture<Void> end = new CompletableFuture<>();

  @Override
  public void onNext(T answer) {
    all.add(answer);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  StatusRuntimeException error() throws Exception {
    try {
      end.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (StatusRuntimeException) Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("ended without an error");
  }
}
