package dev.windrow.ingest;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A producer as the contract asks it to be: streams numbered batches and, after any error, asks for
 * its last durable sequence and goes on behind it. Keeps its own ledger of what was acknowledged.
 */
final class ResumingProducer implements Runnable {
  static final int BATCH = 20;

  private final int port;
  private final String id;
  private volatile boolean stopping;
  private volatile long sent;
  private volatile long acknowledged;

  ResumingProducer(int port, String id) {
    this.port = port;
    this.id = id;
  }

  long sent() {
    return sent;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Sends no new sequence, but does not end before all that were sent are acknowledged. */
  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    while (!(stopping && acknowledged == sent)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
      try {
        long durable =
            IngestServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .append(AppendRequest.newBuilder().setProducerId(id).build())
                .getDurableSequence();
        if (durable < acknowledged) {
          throw new AssertionError(id + ": acknowledged " + acknowledged + ", kept " + durable);
        }
        acknowledged = durable;
        stream(channel, durable);
      } catch (StatusRuntimeException e) {
        // The server is away: ask again.
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private void stream(ManagedChannel channel, long durable) {
    Stream stream = new Stream(durable);
    IngestServiceGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS).appendStream(stream);
    try {
      stream.done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AppendStreamRequest batch(long sequence) {
    AppendRequest.Builder request =
        AppendRequest.newBuilder().setProducerId(id).setSequence(sequence);
    for (int i = 0; i < BATCH; i++) {
      long number = (sequence - 1) * BATCH + i;
      request.addEvents(
          Event.newBuilder()
              .setOccurredAt(Timestamp.newBuilder().setSeconds(978_307_200L + number % 100_000))
              .setSource("s" + number % 3)
              .setType("kill")
              .setEntityId(id)
              .setStatus("ok")
              .setValue((double) number)
              .setAmount(1));
    }
    return AppendStreamRequest.newBuilder().setAppend(request).build();
  }

  private final class Stream
      implements ClientResponseObserver<AppendStreamRequest, AppendStreamResponse> {
    private static final int UNDER_WAY = 20;
    final CountDownLatch done = new CountDownLatch(1);
    private long next;
    private boolean closed;
    private @Nullable ClientCallStreamObserver<AppendStreamRequest> requests;

    Stream(long durable) {
      next = durable + 1;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AppendStreamRequest> stream) {
      requests = stream;
      stream.setOnReadyHandler(this::send);
    }

    private synchronized void send() {
      var requests = Objects.requireNonNull(this.requests);
      while (!closed && requests.isReady() && next <= acknowledged + UNDER_WAY) {
        if (stopping && next > sent) {
          if (acknowledged == sent) {
            closed = true;
            requests.onCompleted();
          }
          return;
        }
        sent = Math.max(sent, next);
        requests.onNext(batch(next++));
      }
    }

    @Override
    public void onNext(AppendStreamResponse response) {
      acknowledged = Math.max(acknowledged, response.getAppend().getDurableSequence());
      send();
    }

    @Override
    public void onError(Throwable error) {
      done.countDown();
    }

    @Override
    public void onCompleted() {
      done.countDown();
    }
  }
}
