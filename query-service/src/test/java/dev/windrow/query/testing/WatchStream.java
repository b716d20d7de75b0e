package dev.windrow.query.testing;

import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.WatchHeartbeat;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that watches: all it was told, and how the stream ended. */
public final class WatchStream
    implements ClientResponseObserver<WatchSummaryRequest, WatchSummaryResponse> {
  private final List<WatchSummaryResponse> all = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final boolean reads;
  private @Nullable ClientCallStreamObserver<WatchSummaryRequest> call;

  private WatchStream(boolean reads) {
    this.reads = reads;
  }

  /** Opens a stream, without a deadline, that reads whatever comes. */
  public static WatchStream open(Channel channel, WatchSummaryRequest request) {
    WatchStream stream = new WatchStream(true);
    QueryServiceGrpc.newStub(channel).watchSummary(request, stream);
    return stream;
  }

  /** Opens a stream that reads nothing until {@link #read}. */
  public static WatchStream openUnread(Channel channel, WatchSummaryRequest request) {
    WatchStream stream = new WatchStream(false);
    QueryServiceGrpc.newStub(channel).watchSummary(request, stream);
    return stream;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchSummaryRequest> starting) {
    call = starting;
    if (!reads) {
      starting.disableAutoRequestWithInitial(0);
    }
  }

  /** Lets so many messages come. */
  public void read(int messages) {
    Objects.requireNonNull(call).request(messages);
  }

  public void cancel() {
    Objects.requireNonNull(call).cancel("not needed any more", null);
  }

  /** All messages so far. */
  public List<WatchSummaryResponse> all() {
    return List.copyOf(all);
  }

  /** All answers so far. */
  public List<SummarizeResponse> answers() {
    return all.stream()
        .filter(WatchSummaryResponse::hasAnswer)
        .map(WatchSummaryResponse::getAnswer)
        .toList();
  }

  /** All heartbeats so far. */
  public List<WatchHeartbeat> heartbeats() {
    return all.stream()
        .filter(WatchSummaryResponse::hasHeartbeat)
        .map(WatchSummaryResponse::getHeartbeat)
        .toList();
  }

  /** The first value of the first row of the last answer; -1 before there is one. */
  public long count() {
    List<SummarizeResponse> answers = answers();
    return answers.isEmpty()
        ? -1
        : answers.get(answers.size() - 1).getRows(0).getValues(0).getInteger();
  }

  /** What the server ended it with. */
  public StatusRuntimeException error() {
    try {
      end.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (StatusRuntimeException) Objects.requireNonNull(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("must end, was told " + all, e);
    }
    throw new AssertionError("ended without an error");
  }

  public boolean isOver() {
    return end.isDone();
  }

  @Override
  public void onNext(WatchSummaryResponse message) {
    all.add(message);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }
}
