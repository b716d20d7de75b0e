package dev.windrow.runtime.grpc;

import com.google.protobuf.MessageLite;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the responses of unary calls hold until their callers have read them. gRPC keeps a
 * response that is not read for as long as its connection lives, and a connection may have a
 * hundred: without a bound a few callers who do not read take all memory. What has no room is
 * refused with RESOURCE_EXHAUSTED, after the work for it.
 */
public final class UnreadResponses implements ServerInterceptor {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  private UnreadResponses(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The same services within one bound; one response of any size is let through while there is no
   * other.
   */
  public static Stream<BindableService> bounded(long maxBytes, BindableService... services) {
    UnreadResponses unread = new UnreadResponses(maxBytes);
    return Stream.of(services).map(service -> () -> ServerInterceptors.intercept(service, unread));
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    if (!call.getMethodDescriptor().getType().serverSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Bounded<A, B> bounded = new Bounded<>(call);
    return new SimpleForwardingServerCallListener<>(next.startCall(bounded, headers)) {
      @Override
      public void onComplete() {
        bounded.release();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        bounded.release();
        super.onCancel();
      }
    };
  }

  private boolean reserve(long size) {
    while (true) {
      long held = bytes.get();
      if (held > 0 && held + size > maxBytes) {
        return false;
      }
      if (bytes.compareAndSet(held, held + size)) {
        return true;
      }
    }
  }

  /** One call. It answers on any thread, and ends on that of its connection. */
  private final class Bounded<A, B> extends SimpleForwardingServerCall<A, B> {
    private final AtomicLong reserved = new AtomicLong();
    private @Nullable Metadata headers;
    private boolean refused;

    Bounded(ServerCall<A, B> call) {
      super(call);
    }

    // A refusal has none.
    @Override
    public void sendHeaders(Metadata toSend) {
      headers = toSend;
    }

    @Override
    public void sendMessage(B message) {
      long size = message instanceof MessageLite proto ? proto.getSerializedSize() : 0;
      if (!reserve(size)) {
        refused = true;
        return;
      }
      reserved.set(size);
      sendHeaders();
      super.sendMessage(message);
      // Whoever has cancelled in the meantime had nothing to release yet.
      if (isCancelled()) {
        release();
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        sendHeaders();
        super.close(status, trailers);
        return;
      }
      StatusRuntimeException told =
          StatusMapper.toStatus(
              Failure.retryable(
                      Status.Code.RESOURCE_EXHAUSTED,
                      "OVERLOADED",
                      "too much that was answered is not read yet",
                      PAUSE)
                  .toException());
      Metadata details = told.getTrailers();
      super.close(told.getStatus(), details == null ? new Metadata() : details);
    }

    private void sendHeaders() {
      Metadata toSend = headers;
      if (toSend != null) {
        headers = null;
        super.sendHeaders(toSend);
      }
    }

    void release() {
      bytes.addAndGet(-reserved.getAndSet(0));
    }
  }
}
