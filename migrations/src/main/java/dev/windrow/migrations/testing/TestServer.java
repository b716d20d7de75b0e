package dev.windrow.migrations.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The one PostgreSQL server of this JVM's tests, started on first use and stopped with the JVM. The
 * system property {@code windrow.test.database} chooses: {@code embedded} (the default) or {@code
 * testcontainers}, which runs the image {@code windrow.test.image}. A server that cannot be had
 * fails the test; it never skips.
 */
record TestServer(String host, int port, String user, String password) {
  private static final String SETTINGS_PROPERTY = "windrow.test.database";

  static TestServer get() {
    return Holder.SERVER;
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  private static TestServer start() {
    String kind = System.getProperty(SETTINGS_PROPERTY, "embedded");
    return switch (kind) {
      case "embedded" -> embedded();
      case "testcontainers" -> container();
      default ->
          throw new IllegalArgumentException(
              SETTINGS_PROPERTY + ": must be embedded or testcontainers, got " + kind);
    };
  }

  private static TestServer embedded() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
      return new TestServer("localhost", server.getPort(), "postgres", "postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The container lives as long as the JVM; Testcontainers removes it.
  @SuppressWarnings("resource")
  private static TestServer container() {
    var image =
        DockerImageName.parse(System.getProperty("windrow.test.image", "postgres:18"))
            .asCompatibleSubstituteFor("postgres");
    var container =
        new PostgreSQLContainer(image).withCommand("postgres", "-c", "max_connections=200");
    container.start();
    return new TestServer(
        container.getHost(),
        container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        container.getUsername(),
        container.getPassword());
  }

  private static final class Holder {
    static final TestServer SERVER = start();
  }
}
