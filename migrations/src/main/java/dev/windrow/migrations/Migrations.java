package dev.windrow.migrations;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** The schema, as the SQL files under {@code db/migration} define it. */
public final class Migrations {
  private Migrations() {}

  /**
   * Applies what is missing. Safe to run from several places at once: one works, the others wait.
   *
   * @param connectRetries how often to try again, with growing pauses, while the database is away
   * @return how many migrations were applied
   * @throws FlywayException if the database stays away or a migration fails; the message is
   *     readable
   */
  public static int migrate(String jdbcUrl, String user, String password, int connectRetries) {
    Flyway flyway = configure(jdbcUrl, user, password, connectRetries);
    return flyway.migrate().migrationsExecuted;
  }

  private static Flyway configure(String jdbcUrl, String user, String password, int retries) {
    var configuration =
        Flyway.configure()
            .dataSource(jdbcUrl, user, password)
            .locations("classpath:db/migration")
            .connectRetries(retries)
            .failOnMissingLocations(true);
    // CREATE INDEX CONCURRENTLY waits for every transaction, Flyway's own lock among them.
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }
}
