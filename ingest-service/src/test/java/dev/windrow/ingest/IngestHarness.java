package dev.windrow.ingest;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A running ingest-service on a database of its own. */
final class IngestHarness implements AutoCloseable {
  final TestDatabase database;
  final IngestServer server;
  final ManagedChannel channel;
  private boolean keepsDatabase;

  private IngestHarness(TestDatabase database, Map<String, String> settings) {
    this.database = database;
    server = startServer(settings);
    channel = NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
  }

  static IngestHarness start(String... more) {
    TestDatabase database = TestDatabase.create();
    IngestHarness harness = new IngestHarness(database, settings(database, more));
    harness.awaitServing();
    return harness;
  }

  /** Settings for the database; more as key, value, key, value. */
  static Map<String, String> settings(TestDatabase database, String... more) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_MAX_EVENT_AGE", "P36500D");
    settings.put("WINDROW_COMPACTION_PAUSE", "PT0.05S");
    // On any machine: lanes must get along with each other.
    settings.put("WINDROW_LANES", "2");
    settings.put("WINDROW_RETENTION_RAW", "PT0S");
    settings.put("WINDROW_RETENTION_MINUTE", "PT0S");
    settings.put("WINDROW_RETENTION_HOUR", "PT0S");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  static IngestServer startServer(Map<String, String> settings) {
    IngestServer server = new IngestServer(IngestConfig.from(new Settings(settings)));
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return server;
  }

  static IngestHarness startOn(TestDatabase database, Map<String, String> settings) {
    return new IngestHarness(database, settings);
  }

  /** Another service on the database of this one, which keeps it. */
  static IngestHarness beside(IngestHarness other, String... more) {
    IngestHarness harness = new IngestHarness(other.database, settings(other.database, more));
    harness.keepsDatabase = true;
    harness.awaitServing();
    return harness;
  }

  IngestServiceGrpc.IngestServiceBlockingStub stub() {
    return IngestServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  IngestServiceGrpc.IngestServiceStub asyncStub() {
    return IngestServiceGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  boolean serving() {
    return HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .check(
                HealthCheckRequest.newBuilder().setService(IngestServiceGrpc.SERVICE_NAME).build())
            .getStatus()
        == ServingStatus.SERVING;
  }

  void awaitServing() {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::serving);
  }

  long number(String sql) {
    return Long.parseLong(text(sql));
  }

  String text(String sql) {
    try (var connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  static Event.Builder event(String at) {
    Instant instant = Instant.parse(at);
    return Event.newBuilder()
        .setOccurredAt(
            Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).setNanos(instant.getNano()))
        .setSource("s")
        .setType("t")
        .setEntityId("e")
        .setStatus("ok")
        .setValue(1.5)
        .setAmount(7);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
    if (!keepsDatabase) {
      database.close();
    }
  }
}
