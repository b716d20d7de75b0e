package dev.windrow.benchmarks.harness;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One of the real services in a JVM of its own, with its default settings but for what is given; it
 * keeps everything.
 */
public final class ServiceProcess implements AutoCloseable {
  public static final List<String> JVM_OPTIONS = List.of("-Xms2g", "-Xmx2g");

  // Load is history of any age, and must be there when it is counted.
  private static final Map<String, String> KEEPS_EVERYTHING =
      Map.of(
          "WINDROW_RETENTION_RAW", "PT0S",
          "WINDROW_RETENTION_MINUTE", "PT0S",
          "WINDROW_RETENTION_HOUR", "PT0S");

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(40);

  private final Service service;
  private final Process process;
  private final int port;
  private final Path log;
  private final Thread hook;

  private ServiceProcess(Service service, Process process, int port, Path log) {
    this.service = service;
    this.process = process;
    this.port = port;
    this.log = log;
    this.hook = new Thread(process::destroyForcibly, "end-service");
  }

  /**
   * Starts it and waits until it serves.
   *
   * @param settings by their keys
   */
  public static ServiceProcess start(
      Service service, int databasePort, String database, Map<String, String> settings, Path folder)
      throws IOException, InterruptedException {
    int port = freePort();
    Path log = folder.resolve(service.label() + "-" + database + "-" + port + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"));
    builder.command().addAll(JVM_OPTIONS);
    builder.command().addAll(List.of("-cp", System.getProperty("java.class.path"), service.main()));
    // Settings that someone has made for another service would stop this one.
    builder.environment().keySet().removeIf(key -> key.startsWith("WINDROW_"));
    builder.environment().put("WINDROW_PORT", Integer.toString(port));
    builder.environment().put("WINDROW_METRICS_PORT", "0");
    builder.environment().put("WINDROW_DB_PORT", Integer.toString(databasePort));
    builder.environment().put("WINDROW_DB_NAME", database);
    builder.environment().put("WINDROW_DB_USER", BenchPostgres.USER);
    if (service == Service.INGEST) {
      builder.environment().putAll(KEEPS_EVERYTHING);
    }
    builder.environment().putAll(settings);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    ServiceProcess started = new ServiceProcess(service, builder.start(), port, log);
    Runtime.getRuntime().addShutdownHook(started.hook);
    started.awaitServing();
    return started;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** Lines of its log that are not mere information. */
  public List<String> complaints() throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains("WARN") || line.contains("ERROR"))
        .toList();
  }

  /** Stops it as an orchestrator would; a service that does not end with 0 breaks its promise. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(service.label() + " did not end in " + STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(service.label() + " ended with " + process.exitValue());
    }
  }

  private void awaitServing() throws IOException, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    try {
      long deadline = System.nanoTime() + START.toNanos();
      while (!isServing(channel)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(
              service.label() + " does not serve; its log:\n" + Files.readString(log));
        }
        Thread.sleep(100);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static boolean isServing(ManagedChannel channel) {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
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
