package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windrow.migrations.Migrations;
import dev.windrow.migrations.testing.OwnServer;
import dev.windrow.migrations.testing.PostgresPrograms;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.quickstart.testing.Services;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proof R20: what is restored, from a base backup and the log up to a point in time, or from a
 * dump, is what was stored; and both services go on with it as if nothing had been.
 */
@Tag("minutes")
class RestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // More than a new cluster has given when the services begin.
  private static final int TRANSACTIONS = 5_000;

  @TempDir private Path folder;
  private final RestoreCourse course = new RestoreCourse();

  @Test
  void baseBackup_andTheLogUpToAPointInTime() throws Exception {
    Path archive = Files.createDirectory(folder.resolve("archive"));
    Path backup = folder.resolve("backup");
    RestoreCourse.Before before;
    try (OwnServer server =
        OwnServer.create(
            Map.of(
                "archive_mode",
                "on",
                "archive_command",
                "test ! -f %1$s/%%f && cp %%p %1$s/%%f".formatted(archive)))) {
      TestDatabase database = server.createDatabase();
      try (Services services = Services.start(database)) {
        course.append(services, 20);
        // Ingest and compaction go on while the files are copied.
        AtomicBoolean copied = new AtomicBoolean();
        CompletableFuture<Void> meanwhile =
            CompletableFuture.runAsync(
                () -> {
                  while (!copied.get()) {
                    course.append(services, 1);
                  }
                });
        server.backUp(backup);
        copied.set(true);
        meanwhile.join();

        before =
            course.atItsFullest(
                services,
                database,
                () -> execute(database, "SELECT pg_create_restore_point('before')"));
        // What went wrong: to be undone.
        course.appendBehind(services);
        execute(database, "DELETE FROM events", "TRUNCATE rollup_buckets");
        String last = text(database, "SELECT pg_walfile_name(pg_switch_wal())");
        await().atMost(PATIENCE).until(() -> Files.exists(archive.resolve(last)));
        server.kill();
      }
    }
    try (OwnServer restored =
        OwnServer.empty(
            Map.of(
                "restore_command", "cp " + archive + "/%f %p",
                "recovery_target_name", "before",
                "recovery_target_action", "promote"))) {
      Files.move(backup, restored.data());
      Files.createFile(restored.data().resolve("recovery.signal"));
      restored.start();
      TestDatabase database = restored.database("windrow");
      // It accepts readers before it is there.
      await()
          .atMost(PATIENCE)
          .until(() -> text(database, "SELECT pg_is_in_recovery()").equals("f"));

      course.prove("base_backup", database, before, true);
    }
  }

  @Test
  void dump_intoAnotherCluster() throws Exception {
    PostgresPrograms programs = PostgresPrograms.findComplete().orElse(null);
    assumeTrue(
        programs != null,
        "pg_dump is neither in -Dwindrow.test.pg.bin nor, with its server, on the PATH");
    String dump = folder.resolve("dump").toString();
    RestoreCourse.Before before;
    try (OwnServer server = OwnServer.create(programs, Map.of())) {
      TestDatabase database = server.createDatabase();
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        for (int i = 0; i < TRANSACTIONS; i++) {
          statement.execute("SELECT pg_current_xact_id()");
        }
      }
      try (Services services = Services.start(database)) {
        course.append(services, 20);
        before =
            course.atItsFullest(
                services,
                database,
                () -> programs.run("pg_dump", "-Fc", "-f", dump, "-d", uri(database)));
        course.appendBehind(services);
        server.kill();
      }
    }
    try (OwnServer restored = OwnServer.create(programs, Map.of())) {
      TestDatabase database = restored.database("windrow");
      execute(restored.database("postgres"), "CREATE DATABASE windrow");
      programs.run("pg_restore", "--exit-on-error", "-d", uri(database), dump);
      before.tables().checkRestored(StoredTables.of(database));
      assertThat(text(database, "SELECT count(*) FROM ingest_batches WHERE xact_id > '5000'"))
          .as("batches of transactions that are to come")
          .isNotEqualTo("0");
      Migrations.migrate(database.jdbcUrl(), database.user(), database.password(), 0);

      course.prove("dump", database, before, false);
    }
  }

  private static String uri(TestDatabase database) {
    return "postgresql://%s@%s:%d/%s"
        .formatted(database.user(), database.host(), database.port(), database.name());
  }

  private static void execute(TestDatabase database, String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
