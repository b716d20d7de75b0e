package dev.windrow.quickstart.testing;

import dev.windrow.runtime.lifecycle.Service;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** A channel to a service that was started, which must serve before it is used. */
public record Client(ManagedChannel channel) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  /** Returns once the service serves. */
  public static Client of(Service service) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", service.port()).usePlaintext().build();
    var statuses =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .watch(HealthCheckRequest.getDefaultInstance());
    // Ends with an error at the deadline.
    while (statuses.hasNext() && statuses.next().getStatus() != ServingStatus.SERVING) {}
    return new Client(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
