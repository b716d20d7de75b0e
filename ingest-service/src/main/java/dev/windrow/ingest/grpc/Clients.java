package dev.windrow.ingest.grpc;

import dev.windrow.ingest.lane.Client;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The clients that have calls now, by the address of their connection; until credentials exist,
 * nothing else tells them apart. Safe for any thread.
 */
final class Clients {
  private static final SocketAddress IN_PROCESS = InetSocketAddress.createUnresolved("client", 0);

  private final Map<SocketAddress, Present> present = new ConcurrentHashMap<>();

  /** A client and the number of its calls. */
  private record Present(Client client, int calls) {}

  /** Handles each call by a handler that knows its client. */
  <A, B> ServerCallHandler<A, B> forEach(Function<Client, ServerCallHandler<A, B>> handlers) {
    return (call, headers) -> {
      SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      SocketAddress at = address == null ? IN_PROCESS : address;
      ServerCallHandler<A, B> handler = handlers.apply(enter(at));
      return leaving(handler.startCall(call, headers), at);
    };
  }

  private Client enter(SocketAddress address) {
    return present.merge(
            address,
            new Present(new Client(), 1),
            (before, first) -> new Present(before.client, before.calls + 1))
        .client;
  }

  private void leave(SocketAddress address) {
    present.computeIfPresent(
        address,
        (at, before) -> before.calls == 1 ? null : new Present(before.client, before.calls - 1));
  }

  // One of the two is a call's last event, and none comes behind it.
  private <A> ServerCall.Listener<A> leaving(ServerCall.Listener<A> listener, SocketAddress at) {
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onComplete() {
        leave(at);
        super.onComplete();
      }

      @Override
      public void onCancel() {
        leave(at);
        super.onCancel();
      }
    };
  }
}
