package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windrow.migrations.Migrations;
import dev.windrow.migrations.testing.OwnServer;
import dev.windrow.migrations.testing.TestDatabase;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proof R27, its part where PostgreSQL itself has the trouble, while producers stream. */
@Tag("minutes")
class DatabaseFaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DISK_MEGABYTES = 192;

  private OwnServer server;
  private TestDatabase database;

  @BeforeEach
  void start() {
    server = OwnServer.create(Map.of("deadlock_timeout", "2s"));
    database = server.createDatabase();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Of a role, because to a superuser there is no limit. */
  @Test
  void connections_thatAreTooMany() throws Exception {
    TestDatabase admin = server.database("postgres");
    execute(admin, "CREATE ROLE app LOGIN");
    execute(admin, "CREATE DATABASE app OWNER app");
    database = new TestDatabase(admin.host(), admin.port(), "app", "app", "app");
    Migrations.migrate(database.jdbcUrl(), database.user(), database.password(), 0);
    try (IngestHarness harness = serving();
        ResumingProducers producers = new ResumingProducers(harness.server.port(), 2)) {
      Probe probe = new Probe(harness);
      producers.awaitAcknowledged(20, PATIENCE);
      execute(admin, "ALTER ROLE app CONNECTION LIMIT 0");
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                execute(
                    admin,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
                return isEmpty(admin, "SELECT FROM pg_stat_activity WHERE usename = 'app'");
              });
      assertThat(refusal()).isEqualTo("53300");

      probe.refused("53300", "connections");
      long acknowledged = producers.acknowledged();
      execute(admin, "ALTER ROLE app CONNECTION LIMIT -1");

      probe.stored(PATIENCE);
      check("too_many_connections", harness, producers, probe, acknowledged);
    }
  }

  private String refusal() {
    return catchThrowableOfType(SQLException.class, () -> database.connect().close()).getSQLState();
  }

  private static void execute(TestDatabase where, String sql) throws SQLException {
    try (Connection connection = where.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean isEmpty(TestDatabase where, String sql) throws SQLException {
    try (Connection connection = where.connect();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return !row.next();
    }
  }

  @Test
  void server_thatIsStartingUp() throws Exception {
    try (IngestHarness harness = serving();
        ResumingProducers producers = new ResumingProducers(harness.server.port(), 2)) {
      Probe probe = new Probe(harness);
      producers.awaitAcknowledged(20, PATIENCE);
      server.kill();
      // What it asks its archive for does not come, so it goes on starting up.
      Path arrival = server.data().resolveSibling("arrival");
      Files.createFile(server.data().resolve("recovery.signal"));
      server.set("restore_command", "while [ ! -e " + arrival + " ]; do sleep 0.05; done; false");
      server.set("hot_standby", "off");
      server.launch();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                server.keepStarting();
                return refusal().equals("57P03");
              });

      probe.refused("57P03", "starting up");
      long acknowledged = producers.acknowledged();
      Files.createFile(arrival);
      server.awaitReady();

      probe.stored(PATIENCE);
      check("starting_up", harness, producers, probe, acknowledged);
    }
  }

  @Test
  void deadlock_thatTheFlushIsTheVictimOf() throws Exception {
    try (IngestHarness harness = serving();
        ResumingProducers producers = new ResumingProducers(harness.server.port(), 0);
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      Probe probe = new Probe(harness);
      probe.storedAtOnce();
      other.setAutoCommit(false);
      // So that the flush is the one who looks, and gives way.
      statement.execute("SET deadlock_timeout = '10min'");
      statement.execute("LOCK TABLE ingest_batches IN EXCLUSIVE MODE");
      CompletableFuture<Void> append = CompletableFuture.runAsync(probe::storedAtOnce);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  harness.number(
                          "SELECT count(*) FROM pg_locks WHERE relation = 'ingest_batches'::regclass AND NOT granted")
                      > 0);
      statement.execute("SELECT FROM producers WHERE producer_id = 'probe' FOR UPDATE");
      other.rollback();

      append.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(Files.readString(server.log())).contains("deadlock detected");
      check("deadlock", harness, producers, probe, -1);
    }
  }

  @Test
  void disk_thatIsFull() throws Exception {
    Path disk = Files.createTempDirectory("windrow-disk");
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "tmpfs", disk.toString()),
        "a file system of one's own cannot be mounted here; RaisedFaultsIT raises the same error");
    try {
      Path space = Files.createDirectory(disk.resolve("space"));
      TestDatabase admin = server.database("postgres");
      execute(admin, "CREATE TABLESPACE small LOCATION '" + space + "'");
      execute(admin, "ALTER DATABASE windrow SET TABLESPACE small");
      try (IngestHarness harness = serving();
          ResumingProducers producers = new ResumingProducers(harness.server.port(), 1)) {
        Probe probe = new Probe(harness);
        producers.awaitAcknowledged(20, PATIENCE);
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        await().atMost(PATIENCE).until(() -> isRefused(probe));

        probe.refused("53100", "space");
        assertThat(Files.readString(server.log())).contains("No space left on device");
        long acknowledged = producers.acknowledged();
        Files.delete(ballast);

        probe.stored(PATIENCE);
        check("disk_full", harness, producers, probe, acknowledged);
      }
    } finally {
      server.close();
      run("umount", "-l", disk.toString());
      Files.delete(disk);
    }
  }

  private static boolean isRefused(Probe probe) {
    try {
      probe.storedAtOnce();
      return false;
    } catch (StatusRuntimeException e) {
      return true;
    }
  }

  private static void fill(Path ballast) throws IOException {
    byte[] some = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  private IngestHarness serving() {
    IngestHarness harness =
        IngestHarness.startOn(
            database, IngestHarness.settings(database, "WINDROW_LIGHT_BYTES", "0"));
    harness.awaitServing();
    return harness;
  }

  private static void check(
      String what,
      IngestHarness harness,
      ResumingProducers producers,
      Probe probe,
      long acknowledged)
      throws Exception {
    producers.awaitAcknowledged(acknowledged + 1, PATIENCE);
    producers.finish(PATIENCE);
    RebuildCourse.patiently()
        .until(
            () -> harness.number(RebuildCourse.DELTAS) + harness.number(RebuildCourse.NOTES) == 0);
    ResumingProducers.Count count = producers.count(harness.database);
    System.out.printf(
        "R27 fault=%s sent=%d acked=%d rows=%d lost=%d dup=%d%n",
        what, count.sent(), count.acked(), count.rows(), count.lost(), count.doubled());
    count.check(what);
    probe.check();
    Invariant.check(harness.database);
  }
}
