package dev.windrow.quickstart;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A producer that names itself, so that what it sent before a restart is not stored again. */
final class AppendClient {
  private static final int BATCH = 500;

  private final Channel channel;
  private final String producerId;

  AppendClient(Channel channel, String producerId) {
    this.channel = channel;
    this.producerId = producerId;
  }

  /** The last sequence that is durable. */
  long durableSequence() {
    return IngestServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .append(AppendRequest.newBuilder().setProducerId(producerId).build())
        .getDurableSequence();
  }

  /** Stores one batch as the given sequence. */
  void append(List<Event> events, long sequence) {
    IngestServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .append(request(events, sequence));
  }

  /**
   * Streams what is not durable yet and waits until all of it is.
   *
   * @param progress is told how many of the events are durable
   * @return how many events were sent
   */
  int stream(List<Event> events, LongConsumer progress) throws Exception {
    long durable = durableSequence();
    int batches = (events.size() + BATCH - 1) / BATCH;
    if (durable >= batches) {
      return 0;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<AppendStreamRequest> requests =
        IngestServiceGrpc.newStub(channel).appendStream(new Acks(events.size(), progress, done));
    for (long sequence = durable + 1; sequence <= batches; sequence++) {
      int from = (int) (sequence - 1) * BATCH;
      List<Event> batch = events.subList(from, Math.min(events.size(), from + BATCH));
      requests.onNext(AppendStreamRequest.newBuilder().setAppend(request(batch, sequence)).build());
    }
    requests.onCompleted();
    done.get(5, TimeUnit.MINUTES);
    return events.size() - (int) durable * BATCH;
  }

  private AppendRequest request(List<Event> events, long sequence) {
    return AppendRequest.newBuilder()
        .addAllEvents(events)
        .setProducerId(producerId)
        .setSequence(sequence)
        .build();
  }

  private record Acks(int total, LongConsumer progress, CompletableFuture<Void> done)
      implements StreamObserver<AppendStreamResponse> {
    @Override
    public void onNext(AppendStreamResponse response) {
      if (response.hasAppend()) {
        progress.accept(Math.min(total, response.getAppend().getDurableSequence() * BATCH));
      }
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      done.complete(null);
    }
  }
}
