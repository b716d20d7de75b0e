package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.Client;
import dev.windrow.ingest.lane.Offer;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.ImportEventsResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** The three doors. Everything here runs on gRPC's event loop and never blocks it. */
public final class IngestGrpcService implements BindableService {
  private final OpenStreams open = new OpenStreams();
  private final Clients clients = new Clients();
  private volatile @Nullable Doors doors;

  /** Begins to take events. Until then every call is UNAVAILABLE. */
  public void open(Doors ready) {
    doors = ready;
  }

  /** Ends the open streams once what they sent is answered. */
  public void drain() {
    open.drain();
  }

  /** The service as it is declared, but for requests, which arrive as their bytes. */
  @Override
  public ServerServiceDefinition bindService() {
    var append = asBytes(IngestServiceGrpc.getAppendMethod());
    var appendStream = asBytes(IngestServiceGrpc.getAppendStreamMethod());
    var importEvents = asBytes(IngestServiceGrpc.getImportEventsMethod());
    ServiceDescriptor declared = IngestServiceGrpc.getServiceDescriptor();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(declared.getName())
            .setSchemaDescriptor(declared.getSchemaDescriptor())
            .addMethod(append)
            .addMethod(appendStream)
            .addMethod(importEvents)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            append,
            clients.forEach(
                client ->
                    ServerCalls.asyncUnaryCall(
                        (bytes, observer) -> append(client, bytes, observer))))
        .addMethod(
            appendStream,
            clients.forEach(
                client ->
                    ServerCalls.asyncBidiStreamingCall(observer -> appendStream(client, observer))))
        .addMethod(
            importEvents,
            clients.forEach(
                client ->
                    ServerCalls.asyncClientStreamingCall(
                        observer -> importEvents(client, observer))))
        .build();
  }

  private static <A, B> MethodDescriptor<byte[], B> asBytes(MethodDescriptor<A, B> method) {
    return method.toBuilder(Requests.AS_BYTES, method.getResponseMarshaller()).build();
  }

  private void append(Client client, byte[] bytes, StreamObserver<AppendResponse> observer) {
    Doors ready = doors;
    if (ready == null) {
      observer.onError(StatusMapper.toStatus(Doors.starting().toException()));
      return;
    }
    var call = (ServerCallStreamObserver<AppendResponse>) observer;
    // Without a handler the observer throws into the lane when the client has gone.
    call.setOnCancelHandler(() -> {});
    try {
      AppendMessage request = AppendMessage.of(bytes);
      PendingAppend pending =
          AppendRequests.of(request, ready.acceptance(), outcome -> answer(call, outcome));
      Offer offer = ready.lanes().call(client, request.header().getProducerId()).offer(pending);
      switch (offer) {
        case ACCEPTED -> {}
        case FULL -> refuse(call, Doors.overloaded());
        case CLOSED -> refuse(call, Doors.goingAway());
      }
    } catch (InvalidProtocolBufferException e) {
      refuse(call, Requests.malformed(e));
    } catch (WindrowException e) {
      refuse(call, e.failure());
    }
  }

  private StreamObserver<byte[]> appendStream(
      Client client, StreamObserver<AppendStreamResponse> observer) {
    Doors ready = doors;
    if (ready == null) {
      observer.onError(StatusMapper.toStatus(Doors.starting().toException()));
      return new Ignored<>();
    }
    var stream =
        new AppendStreamCall(
            ready, open, client, (ServerCallStreamObserver<AppendStreamResponse>) observer);
    stream.start();
    return stream;
  }

  private StreamObserver<byte[]> importEvents(
      Client client, StreamObserver<ImportEventsResponse> observer) {
    Doors ready = doors;
    if (ready == null) {
      observer.onError(StatusMapper.toStatus(Doors.starting().toException()));
      return new Ignored<>();
    }
    var stream =
        new ImportEventsCall(
            ready, open, client, (ServerCallStreamObserver<ImportEventsResponse>) observer);
    stream.start();
    return stream;
  }

  private static void answer(ServerCallStreamObserver<AppendResponse> call, AppendOutcome outcome) {
    if (call.isCancelled()) {
      return;
    }
    if (outcome instanceof AppendOutcome.Failed failed) {
      refuse(call, failed.failure());
    } else {
      call.onNext(AppendResponses.of((AppendOutcome.Durable) outcome));
      call.onCompleted();
    }
  }

  private static void refuse(ServerCallStreamObserver<AppendResponse> call, Failure why) {
    if (!call.isCancelled()) {
      call.onError(StatusMapper.toStatus(why.toException()));
    }
  }

  /** What a client still sends after it was refused. */
  private static final class Ignored<T> implements StreamObserver<T> {
    @Override
    public void onNext(T value) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
