package dev.windrow.ingest.testing;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Connections as the service has them, for tests of single statements. */
public final class Connections {
  private Connections() {}

  /** To be closed by the caller. */
  public static PostgresqlConnection open(TestDatabase database) {
    return Objects.requireNonNull(
        Mono.from(
                DatabaseSettings.from(new Settings(database.settings()))
                    .connectionFactory("test")
                    .create())
            .cast(PostgresqlConnection.class)
            .block(Duration.ofSeconds(60)));
  }
}
