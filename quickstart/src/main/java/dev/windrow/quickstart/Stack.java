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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL and both services, as a deployment would have them, in one process. */
final class Stack implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Stack.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final LocalPostgres postgres;
  private final Service ingestService;
  private final Service queryService;
  private final ManagedChannel ingest;
  private final ManagedChannel query;

  private Stack(QuickstartSettings settings, PrintStream out) throws Exception {
    try {
      out.println("starting PostgreSQL on " + settings.data());
      postgres = part(LocalPostgres.start(settings.data()));
      int applied = Migrations.migrate(postgres.jdbcUrl(), "postgres", "postgres", 0);
      out.printf("PostgreSQL listens on %d, %d migrations applied%n", postgres.port(), applied);
      ingestService =
          part(
              new IngestServer(IngestConfig.from(ingestSettings(postgres, settings.ingestPort()))));
      start(ingestService, "ingest-service", "windrow.ingest.port");
      queryService =
          part(
              new QueryServer(
                  QueryConfig.from(new Settings(environment(postgres, settings.queryPort())))));
      start(queryService, "query-service", "windrow.query.port");
      ingest = channel(ingestService.port());
      part(ingest::shutdownNow);
      query = channel(queryService.port());
      part(query::shutdownNow);
      awaitServing(ingest);
      awaitServing(query);
      out.printf(
          "ingest-service listens on %d, query-service on %d%n",
          ingestService.port(), queryService.port());
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** Starts everything; what was started is closed again if a part cannot be. */
  static Stack start(QuickstartSettings settings, PrintStream out) throws Exception {
    return new Stack(settings, out);
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

  /** Closes the parts in reverse order. */
  @Override
  public final synchronized void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part could not be closed", e);
      }
    }
  }

  private synchronized <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  private static Settings ingestSettings(LocalPostgres postgres, int port) {
    Map<String, String> environment = environment(postgres, port);
    // The flights are of 2001, and a visitor's own data may be older.
    environment.put("WINDROW_MAX_EVENT_AGE", "P45000D");
    // And all of it is kept.
    environment.put("WINDROW_RETENTION_RAW", "PT0S");
    environment.put("WINDROW_RETENTION_MINUTE", "PT0S");
    environment.put("WINDROW_RETENTION_HOUR", "PT0S");
    return new Settings(environment);
  }

  private static Map<String, String> environment(LocalPostgres postgres, int port) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDROW_PORT", Integer.toString(port));
    // A visitor should need no more free ports than those of the contracts.
    environment.put("WINDROW_METRICS_PORT", "0");
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
