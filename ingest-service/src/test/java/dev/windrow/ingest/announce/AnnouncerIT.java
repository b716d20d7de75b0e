package dev.windrow.ingest.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.AppendedChannel;
import dev.windrow.runtime.sql.DatabaseSettings;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AnnouncerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Notification> heard = new CopyOnWriteArrayList<>();
  private TestDatabase database;
  private PostgresqlConnection listener;
  private Announcer announcer;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    DatabaseSettings settings = DatabaseSettings.from(new Settings(database.settings()));
    listener =
        Objects.requireNonNull(
            Mono.<Connection>from(settings.connectionFactory("listener").create())
                .cast(PostgresqlConnection.class)
                .block(PATIENCE));
    listener.getNotifications().subscribe(heard::add);
    listener
        .createStatement("LISTEN " + AppendedChannel.NAME)
        .execute()
        .concatMap(result -> result.getRowsUpdated())
        .blockLast(PATIENCE);
    announcer = new Announcer(settings.connectionFactory("announcer"), "some tenant");
    announcer.start();
  }

  @AfterEach
  void close() {
    announcer.close();
    listener.close().block(PATIENCE);
    database.close();
  }

  @Test
  void commit_isTold_withItsTenant() {
    announcer.committed();
    await().atMost(PATIENCE).until(() -> heard.size() == 1);
    assertThat(heard.get(0).getParameter()).isEqualTo("some tenant");
  }

  @Test
  void commits_thatComeTogether_areToldTogether_andTheLastIsNotLost() {
    for (int i = 0; i < 10_000; i++) {
      announcer.committed();
    }
    // The first, and one for all that came while it was told.
    await().atMost(PATIENCE).until(() -> heard.size() >= 2);
    int before = heard.size();
    assertThat(before).isLessThan(100);
    announcer.committed();
    await().atMost(PATIENCE).until(() -> heard.size() > before);
  }

  @Test
  void connection_thatIsLost_isOpenedAgain() throws SQLException {
    announcer.committed();
    await().atMost(PATIENCE).until(() -> heard.size() == 1);
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND application_name = 'announcer'");
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              announcer.committed();
              return heard.size() >= 2;
            });
  }
}
