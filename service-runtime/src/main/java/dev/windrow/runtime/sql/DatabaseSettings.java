package dev.windrow.runtime.sql;

import dev.windrow.runtime.config.Settings;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import reactor.netty.resources.LoopResources;

/** Where the database is. */
public record DatabaseSettings(String host, int port, String name, String user, String password) {
  // By default a connection that is opened on an event loop stays on that one, and waits while
  // another there reads thousands of rows. To open one takes two turns of the loops, so an even
  // number of them would leave half without any.
  private static final LoopResources LOOPS =
      LoopResources.create(
          "sql", 1, Math.max(4, Runtime.getRuntime().availableProcessors()) | 1, true, false);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  // A lock that is not had in this time is an error to retry, not a reason to hang.
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);
  private static final int CACHED_STATEMENTS = 256;

  public static DatabaseSettings from(Settings settings) {
    return new DatabaseSettings(
        settings.text("WINDROW_DB_HOST", "localhost"),
        settings.integer("WINDROW_DB_PORT", 5432, 1, 65535),
        settings.text("WINDROW_DB_NAME", "windrow"),
        settings.text("WINDROW_DB_USER", "windrow"),
        settings.text("WINDROW_DB_PASSWORD", ""));
  }

  /**
   * Makes connections; opens none by itself.
   *
   * @param applicationName what pg_stat_activity shows
   */
  public PostgresqlConnectionFactory connectionFactory(String applicationName) {
    return connectionFactory(applicationName, LOOPS);
  }

  /**
   * Makes connections whose event loops they share with no others; opens none by itself.
   *
   * @param applicationName what pg_stat_activity shows
   * @param loops are the caller's to dispose of
   */
  public PostgresqlConnectionFactory connectionFactory(
      String applicationName, LoopResources loops) {
    return new PostgresqlConnectionFactory(
        PostgresqlConnectionConfiguration.builder()
            .host(host)
            .port(port)
            .database(name)
            .username(user)
            .password(password)
            .applicationName(applicationName)
            .connectTimeout(CONNECT_TIMEOUT)
            .lockWaitTimeout(LOCK_TIMEOUT)
            .preparedStatementCacheQueries(CACHED_STATEMENTS)
            // Otherwise results are text, and bytes come in hexadecimal digits.
            .forceBinary(true)
            .tcpKeepAlive(true)
            .tcpNoDelay(true)
            .loopResources(loops)
            .build());
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + name;
  }
}
