package dev.windrow.benchmarks.harness;

import dev.windrow.migrations.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** A PostgreSQL cluster of this run: durable as in production, and gone with the run. */
public final class BenchPostgres implements AutoCloseable {
  public static final String USER = "postgres";

  // What a server of this size would be given; everything else is PostgreSQL's default.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "max_connections", "100",
          "shared_buffers", "1GB",
          "max_wal_size", "8GB",
          "checkpoint_timeout", "15min");

  private final EmbeddedPostgres server;
  private final long postmaster;

  private BenchPostgres(EmbeddedPostgres server, long postmaster) {
    this.server = server;
    this.postmaster = postmaster;
  }

  public static BenchPostgres start(Path folder) throws IOException, SQLException {
    Path data = folder.resolve("postgresql");
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD);
    SETTINGS.forEach(builder::setServerConfig);
    EmbeddedPostgres server = builder.start();
    long postmaster = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
    BenchPostgres started = new BenchPostgres(server, postmaster);
    try {
      started.requireDurable();
    } catch (SQLException | IllegalStateException e) {
      started.close();
      throw e;
    }
    return started;
  }

  // The embedded server's own defaults are those of tests: not durable at all.
  private void requireDurable() throws SQLException {
    try (Connection connection = connect(USER)) {
      for (String name : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        String value = Sql.text(connection, "SELECT current_setting('" + name + "')");
        if (!value.equals("on")) {
          throw new IllegalStateException(name + ": must be on, got " + value);
        }
      }
    }
  }

  /** Makes a database with Windrow's schema. */
  public void createMigrated(String database) throws SQLException {
    try (Connection connection = connect(USER)) {
      Sql.run(connection, "CREATE DATABASE " + database);
    }
    Migrations.migrate(server.getJdbcUrl(USER, database), USER, USER, 0);
  }

  /** A connection that the caller closes. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(server.getJdbcUrl(USER, database));
  }

  public int port() {
    return server.getPort();
  }

  /** The process that is the parent of all others of the cluster. */
  public long postmaster() {
    return postmaster;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
