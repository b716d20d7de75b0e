package dev.windrow.migrations;

import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program that a deployment runs before the services start. */
public final class MigrationsMain {
  private static final int CONNECT_RETRIES = 10;

  private MigrationsMain() {}

  /** Exit status 0 when the schema is current, 1 otherwise. */
  public static void main(String[] args) {
    // In a package of its own: next to a service, that service's configuration holds.
    System.setProperty("logback.configurationFile", "dev/windrow/migrations/logback.xml");
    Logger log = LoggerFactory.getLogger(MigrationsMain.class);
    String url =
        "jdbc:postgresql://%s:%s/%s"
            .formatted(
                setting("WINDROW_DB_HOST", "localhost"),
                setting("WINDROW_DB_PORT", "5432"),
                setting("WINDROW_DB_NAME", "windrow"));
    try {
      int applied =
          Migrations.migrate(
              url,
              setting("WINDROW_DB_USER", "windrow"),
              setting("WINDROW_DB_PASSWORD", ""),
              CONNECT_RETRIES);
      log.atInfo().addKeyValue("applied", applied).log("schema is current");
    } catch (FlywayException e) {
      log.error("migration failed: {}", e.getMessage());
      System.exit(1);
    }
  }

  private static String setting(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
