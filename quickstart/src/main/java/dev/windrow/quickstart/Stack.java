package dev.windrow.quickstart;

import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.migrations.Migrations;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.lifecycle.Service;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** PostgreSQL and both services, as a deployment would have them, in one process. */
final class Stack implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(30);

  private final LocalPostgres postgres;
  private final Service ingestService;
  private final Service queryService;
  private final ManagedChannel ingest;
  private final ManagedChannel query;
  private boolean closed;

  private Stack(LocalPostgres postgres, Service ingestService, Service queryService) {
    this.postgres = postgres;
    this.ingestService = ingestService;
    this.queryService = queryService;
    this.ingest = channel(ingestService.port());
    this.query = channel(queryService.port());
  }

  static Stack start(QuickstartSettings settings, PrintStream out) throws Exception {
    out.println("starting PostgreSQL on " + settings.data());
    LocalPostgres postgres = LocalPostgres.start(settings.data());
    int applied = Migrations.migrate(postgres.jdbcUrl(), "postgres", "postgres", 0);
    out.printf("PostgreSQL listens on %d, %d migrations applied%n", postgres.port(), applied);
    Service ingest =
        new IngestServer(IngestConfig.from(ingestSettings(postgres, settings.ingestPort())));
    start(ingest, "ingest-service", "windrow.ingest.port");
    Service query =
        new QueryServer(
            QueryConfig.from(new Settings(environment(postgres, settings.queryPort()))));
    start(query, "query-service", "windrow.query.port");
    Stack stack = new Stack(postgres, ingest, query);
    awaitServing(stack.ingest);
    awaitServing(stack.query);
    out.printf("ingest-service listens on %d, query-service on %d%n", ingest.port(), query.port());
    return stack;
  }

  Channel ingest() {
    return ingest;
  }

  Channel query() {
    return query;
  }

  int ingestPort() {
    return ingestService.port();
  }

  int queryPort() {
    return queryService.port();
  }

  String jdbcUrl() {
    return postgres.jdbcUrl();
  }

  int postgresPort() {
    return postgres.port();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    ingest.shutdownNow();
    query.shutdownNow();
    ingestService.close();
    queryService.close();
    try {
      postgres.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Settings ingestSettings(LocalPostgres postgres, int port) {
    Map<String, String> environment = environment(postgres, port);
    // The flights are of 2001, and a visitor's own data may be older.
    environment.put("WINDROW_MAX_EVENT_AGE", "P45000D");
    return new Settings(environment);
  }

  private static Map<String, String> environment(LocalPostgres postgres, int port) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDROW_PORT", Integer.toString(port));
    environment.put("WINDROW_DB_HOST", "localhost");
    environment.put("WINDROW_DB_PORT", Integer.toString(postgres.port()));
    environment.put("WINDROW_DB_NAME", "postgres");
    environment.put("WINDROW_DB_USER", "postgres");
    environment.put("WINDROW_DB_PASSWORD", "postgres");
    environment.put("INSTANCE_ID", "quickstart");
    environment.put("ENV", "local");
    return environment;
  }

  private static void start(Service service, String name, String property) throws Exception {
    try {
      service.start();
    } catch (IOException e) {
      throw new IllegalStateException(
          name + " cannot listen; choose another port with -D" + property + "=…", e);
    }
  }

  private static void awaitServing(Channel channel) {
    var status =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(READY.toSeconds(), TimeUnit.SECONDS)
            .watch(HealthCheckRequest.getDefaultInstance());
    while (status.hasNext()) {
      if (status.next().getStatus() == ServingStatus.SERVING) {
        return;
      }
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }
}
