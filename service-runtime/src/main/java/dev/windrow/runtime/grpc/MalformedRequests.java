package dev.windrow.runtime.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;

/**
 * Answers requests that are not protobuf of their type with INVALID_ARGUMENT, and those that
 * decompress to more than a message may have with RESOURCE_EXHAUSTED. gRPC by itself reads a
 * message where nothing can be told to the caller any more, who then hears of an UNKNOWN error.
 */
public final class MalformedRequests implements ServerInterceptor {
  private MalformedRequests() {}

  /** The same service, whose requests are read behind this. */
  public static BindableService refusedBy(BindableService service) {
    return () ->
        ServerInterceptors.intercept(
            ServerInterceptors.useInputStreamMessages(service.bindService()),
            new MalformedRequests());
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(A message) {
        if (refused) {
          return;
        }
        try {
          super.onMessage(message);
        } catch (StatusRuntimeException e) {
          StatusRuntimeException told = told(e);
          refused = true;
          Metadata trailers = told.getTrailers();
          call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  // Whoever handles a call answers by itself; only reading its message fails like this.
  private static StatusRuntimeException told(StatusRuntimeException error) {
    if (error.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      return error;
    }
    if (error.getStatus().getCause() instanceof InvalidProtocolBufferException malformed) {
      return StatusMapper.toStatus(
          Failure.of(
                  Status.Code.INVALID_ARGUMENT,
                  "MALFORMED_MESSAGE",
                  "the message is not protobuf of this type: " + malformed.getMessage(),
                  Map.of())
              .toException());
    }
    throw error;
  }
}
