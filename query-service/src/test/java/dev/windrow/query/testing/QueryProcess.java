package dev.windrow.query.testing;

import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryMain;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service as a process of its own, with a client whose windows are small. */
public final class QueryProcess implements AutoCloseable {
  private static final int WINDOW_BYTES = 64 << 10;
  private static final int MAX_RESPONSE_BYTES = 16 << 20;

  private final Process process;
  private final int port;
  private final ManagedChannel channel;

  private QueryProcess(Process process, int port) {
    this.process = process;
    this.port = port;
    channel = connect();
  }

  /** Serves when this returns. */
  public static QueryProcess start(TestDatabase database, String... options) throws IOException {
    return start(database, Map.of(), options);
  }

  /** Likewise, with these settings beyond those of its database. */
  public static QueryProcess start(
      TestDatabase database, Map<String, String> settings, String... options) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(QueryMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("WINDROW_"));
    environment.putAll(database.settings());
    environment.put("WINDROW_PORT", Integer.toString(port));
    environment.putAll(settings);
    Process started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(new File("target/query-process.log"))
            .start();
    QueryProcess service = new QueryProcess(started, port);
    await().atMost(Duration.ofSeconds(60)).until(service::isServing);
    return service;
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** A client beside the other, which the caller ends. */
  public ManagedChannel connect() {
    return NettyChannelBuilder.forAddress("localhost", port)
        .usePlaintext()
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MAX_RESPONSE_BYTES)
        .build();
  }

  /** What the process has in memory, as Linux counts it. */
  public long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IllegalStateException("the process has gone");
  }

  /** Kills it; nothing in it has time for anything. */
  @Override
  public void close() {
    channel.shutdownNow();
    process.destroyForcibly();
    process.onExit().join();
  }

  private boolean isServing() {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .check(
                  HealthCheckRequest.newBuilder()
                      .setService("windrow.query.v1.QueryService")
                      .build())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
