package dev.windrow.runtime.grpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How long the stream of a call may stay on its connection. At its age a connection tells the
 * client to open its next calls elsewhere, and some time later it cuts those that are still there.
 * A stream that leaves in between ends in its own words, and its successor finds another
 * connection; one that left before would come back to the same one.
 *
 * <p>gRPC spreads the age by a tenth to either side and does not say when it has come, so a stream
 * leaves when it surely has, and the grace covers the spread.
 */
public final class ConnectionAge {
  private static final Attributes.Key<Long> LEAVE_AT = Attributes.Key.create("leave-at-nanos");
  private static final Context.Key<Long> LEAVE_AT_IN_CALL = Context.key("leave-at-nanos");
  private static final Duration MARGIN = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(60);

  private ConnectionAge() {}

  /** How long from now the call that is being started may go on, if its connection has an age. */
  public static Optional<Duration> untilLeaving() {
    Long leaveAt = LEAVE_AT_IN_CALL.get();
    return leaveAt == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, leaveAt - System.nanoTime())));
  }

  /** When a stream leaves, counted from the connection's start. */
  static Duration leaving(Duration maxAge) {
    return maxAge.plus(maxAge.dividedBy(10)).plus(MARGIN);
  }

  /** How long after its age, which may be a tenth early, a connection may live. */
  static Duration grace(Duration maxAge) {
    return maxAge.dividedBy(5).plus(GRACE);
  }

  /** Notes on each connection when its streams leave. */
  static ServerTransportFilter noting(Duration maxAge) {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder()
            .set(LEAVE_AT, System.nanoTime() + leaving(maxAge).toNanos())
            .build();
      }
    };
  }

  /**
   * Lets {@link #untilLeaving} see the note while a call is being started, and only then: a call
   * whose client sends one message is started once that has come.
   */
  static ServerInterceptor showing() {
    return new ServerInterceptor() {
      @Override
      public <A, B> ServerCall.Listener<A> interceptCall(
          ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Long leaveAt = call.getAttributes().get(LEAVE_AT);
        if (leaveAt == null) {
          return next.startCall(call, headers);
        }
        Context context = Context.current().withValue(LEAVE_AT_IN_CALL, leaveAt);
        ServerCall.Listener<A> listener = within(context, () -> next.startCall(call, headers));
        return call.getMethodDescriptor().getType().clientSendsOneMessage()
            ? startingAtHalfClose(listener, leaveAt)
            : listener;
      }
    };
  }

  private static <A> ServerCall.Listener<A> startingAtHalfClose(
      ServerCall.Listener<A> listener, long leaveAt) {
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onHalfClose() {
        Context context = Context.current().withValue(LEAVE_AT_IN_CALL, leaveAt);
        within(
            context,
            () -> {
              super.onHalfClose();
              return true;
            });
      }
    };
  }

  private static <T> T within(Context context, Supplier<T> action) {
    Context before = context.attach();
    try {
      return action.get();
    } finally {
      context.detach(before);
    }
  }
}
