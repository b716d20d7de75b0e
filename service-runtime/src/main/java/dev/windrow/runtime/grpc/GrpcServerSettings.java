package dev.windrow.runtime.grpc;

import dev.windrow.runtime.config.Settings;
import java.time.Duration;

/**
 * How a server listens.
 *
 * @param port 0 lets the system choose
 * @param maxMessageBytes a larger request is refused by gRPC with RESOURCE_EXHAUSTED
 * @param flowControlBytes how much of one stream may wait unread
 * @param threads of the executor that calls run on; 0 runs them on the event loop, for services
 *     that never block it
 * @param maxConnectionAge after which a connection takes no new calls and its streams leave
 * @param drainTimeout how long calls may take to end once the server stops
 */
public record GrpcServerSettings(
    int port,
    int maxMessageBytes,
    int flowControlBytes,
    int threads,
    Duration maxConnectionAge,
    Duration drainTimeout) {
  private static final int MIB = 1 << 20;

  public static GrpcServerSettings from(
      Settings settings, int defaultPort, int maxMessageBytes, int threads) {
    return new GrpcServerSettings(
        settings.integer("WINDROW_PORT", defaultPort, 0, 65535),
        settings.integer("WINDROW_MAX_MESSAGE_BYTES", maxMessageBytes, 1024, 64 * MIB),
        MIB / 4,
        threads,
        settings.duration(
            "WINDROW_MAX_CONNECTION_AGE", Duration.ofMinutes(30), Duration.ofSeconds(1)),
        settings.duration("WINDROW_DRAIN_TIMEOUT", Duration.ofSeconds(15)));
  }
}
