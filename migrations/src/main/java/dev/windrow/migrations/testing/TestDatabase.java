package dev.windrow.migrations.testing;

import dev.windrow.migrations.Migrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of its own for one test class: the current schema, no events. Dropped on close.
 *
 * @param host where its server listens
 * @param name the database's name
 * @param user a superuser of that server
 */
public record TestDatabase(String host, int port, String name, String user, String password)
    implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String TEMPLATE = "windrow_template_" + ProcessHandle.current().pid();

  /** Makes a migrated database on the server that {@code windrow.test.database} names. */
  public static TestDatabase create() {
    TestServer server = TestServer.get();
    String name = "windrow_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    synchronized (TestDatabase.class) {
      if (!Template.made) {
        execute(server, "CREATE DATABASE " + TEMPLATE);
        Migrations.migrate(server.jdbcUrl(TEMPLATE), server.user(), server.password(), 0);
        Template.made = true;
      }
      execute(server, "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    }
    return new TestDatabase(server.host(), server.port(), name, server.user(), server.password());
  }

  /** A connection that the caller closes. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), user, password);
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, name);
  }

  /**
   * The settings with which a service finds this database, on a port of the system's choice,
   * without metrics.
   */
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("WINDROW_PORT", "0");
    settings.put("WINDROW_METRICS_PORT", "0");
    settings.put("WINDROW_DB_HOST", host);
    settings.put("WINDROW_DB_PORT", Integer.toString(port));
    settings.put("WINDROW_DB_NAME", name);
    settings.put("WINDROW_DB_USER", user);
    settings.put("WINDROW_DB_PASSWORD", password);
    return settings;
  }

  /** Makes it where there is no template, and migrates it. */
  TestDatabase created() {
    execute(server(), "CREATE DATABASE " + name);
    Migrations.migrate(jdbcUrl(), user, password, 0);
    return this;
  }

  private TestServer server() {
    return new TestServer(host, port, user, password);
  }

  @Override
  public void close() {
    execute(server(), "DROP DATABASE " + name + " WITH (FORCE)");
  }

  private static void execute(TestServer server, String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  private static final class Template {
    static boolean made;
  }
}
