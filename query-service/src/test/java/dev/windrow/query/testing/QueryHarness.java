package dev.windrow.query.testing;

import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.SnapshotReads;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The whole service over a real network and a database of its own. */
public final class QueryHarness implements AutoCloseable {
  private final TestDatabase database;
  private final TcpProxy proxy;
  private final QueryServer server;
  private final ManagedChannel channel;

  private QueryHarness(TestDatabase database, TcpProxy proxy, QueryServer server) {
    this.database = database;
    this.proxy = proxy;
    this.server = server;
    this.channel =
        NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
  }

  /** A running service with these settings beyond those of its database. */
  public static QueryHarness start(Map<String, String> more) throws IOException {
    TestDatabase database = TestDatabase.create();
    return start(database, new TcpProxy(database.host(), database.port(), true), more);
  }

  /** A running service whose {@link #proxy} to the database can be cut. */
  public static QueryHarness startBehindAWire() throws IOException {
    return startBehindAWire(Map.of());
  }

  /** Likewise, with these settings. */
  public static QueryHarness startBehindAWire(Map<String, String> more) throws IOException {
    TestDatabase database = TestDatabase.create();
    TcpProxy proxy = new TcpProxy(database.host(), database.port(), true);
    Map<String, String> settings = new HashMap<>(more);
    settings.putAll(through(proxy));
    return start(database, proxy, settings);
  }

  /** A service that starts while its {@link #proxy} to the database is cut. */
  public static QueryHarness startBehindACutProxy() throws IOException {
    TestDatabase database = TestDatabase.create();
    TcpProxy proxy = new TcpProxy(database.host(), database.port(), true);
    proxy.cut();
    return start(database, proxy, through(proxy));
  }

  private static Map<String, String> through(TcpProxy proxy) {
    return Map.of("WINDROW_DB_PORT", Integer.toString(proxy.port()));
  }

  private static QueryHarness start(TestDatabase database, TcpProxy proxy, Map<String, String> more)
      throws IOException {
    Map<String, String> settings = database.settings();
    settings.put("INSTANCE_ID", "query-1");
    settings.put("ENV", "test");
    settings.putAll(more);
    QueryServer server = new QueryServer(QueryConfig.from(new Settings(settings)));
    server.start();
    return new QueryHarness(database, proxy, server);
  }

  public QueryServer server() {
    return server;
  }

  public TcpProxy proxy() {
    return proxy;
  }

  public TestDatabase database() {
    return database;
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** Where the service listens. */
  public int port() {
    return server.port();
  }

  /** A client without a deadline. */
  public QueryServiceGrpc.QueryServiceBlockingStub client() {
    return QueryServiceGrpc.newBlockingStub(channel);
  }

  /** Writes events with the rollups that the schema declares. */
  public TestStore store() {
    ConnectionPool pool = pool(database, "test-store", 1);
    try {
      RollupCatalog catalog =
          Objects.requireNonNull(
              new SnapshotReads(pool)
                  .read(session -> SelectRollups.read(session, 1, CatalogScope.none()))
                  .block(Duration.ofSeconds(30)));
      return new TestStore(database, catalog.definitions());
    } finally {
      pool.dispose();
    }
  }

  /** A pool of its own on the test's database. */
  public static ConnectionPool pool(TestDatabase database, String name, int size) {
    return pool(database, name, size, Duration.ofSeconds(10));
  }

  /** A pool of its own on the test's database, for which nobody waits longer than this. */
  public static ConnectionPool pool(
      TestDatabase database, String name, int size, Duration acquireTimeout) {
    DatabaseSettings settings =
        new DatabaseSettings(
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password());
    return ReadPool.of(settings.connectionFactory(name), size, acquireTimeout);
  }

  /** The first column of the first row. */
  public static long number(TestDatabase database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs statements. */
  public void execute(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
    proxy.close();
    database.close();
  }
}
