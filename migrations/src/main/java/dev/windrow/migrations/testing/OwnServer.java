package dev.windrow.migrations.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one test's own, which may be killed, stopped, paused and started again, on
 * the same data and the same port. Its data are durable, as those of a server in production.
 *
 * <p>Used by one thread at a time.
 */
public final class OwnServer implements AutoCloseable {
  private static final String USER = "postgres";
  private static final Duration STARTUP = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(5);
  // Below what systems choose from: else a client that calls while the server is away may get this
  // very port as its own.
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private final PostgresPrograms programs;
  private final Path folder;
  private final int port;
  private final Map<String, String> settings = new TreeMap<>();
  private final Thread atExit = new Thread(this::end);
  private @Nullable Process postmaster;

  private OwnServer(PostgresPrograms programs, Path folder, Map<String, String> settings) {
    this.programs = programs;
    this.folder = folder;
    this.port = freePort();
    this.settings.put("listen_addresses", "localhost");
    this.settings.put("unix_socket_directories", "");
    this.settings.put("max_connections", "100");
    this.settings.put("logging_collector", "off");
    this.settings.putAll(settings);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** A running server without databases of ours. */
  public static OwnServer create(Map<String, String> settings) {
    return create(PostgresPrograms.find(), settings);
  }

  /** Likewise, of another release. */
  public static OwnServer create(PostgresPrograms programs, Map<String, String> settings) {
    Path folder = newFolder();
    OwnServer server = new OwnServer(programs, folder, settings);
    programs.run(
        "initdb",
        "-D",
        server.data().toString(),
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync");
    server.start();
    return server;
  }

  /**
   * A server that is not started yet, on data that the caller puts into its {@link #data} folder.
   */
  public static OwnServer empty(Map<String, String> settings) {
    return new OwnServer(PostgresPrograms.find(), newFolder(), settings);
  }

  /**
   * Copies the data of the running server, as a backup tool does: {@code pg_backup_start}, the
   * files, {@code pg_backup_stop}. To be of use it needs the log that was archived meanwhile.
   */
  public void backUp(Path target) {
    try (Connection connection = database(USER).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('test', true)");
      // Of the log only its folders: it is to come from the archive.
      Folders.copy(
          data(),
          target,
          path ->
              !path.startsWith("postmaster.pid")
                  && !(path.startsWith("pg_wal")
                      && path.getNameCount() > 1
                      && !path.endsWith("archive_status")));
      try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop()")) {
        row.next();
        Files.writeString(target.resolve("backup_label"), row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it keeps its data. */
  public Path data() {
    return folder.resolve("data");
  }

  /** What it has said. */
  public Path log() {
    return folder.resolve("log");
  }

  public int port() {
    return port;
  }

  /** Holds from the next start. */
  public void set(String setting, String value) {
    settings.put(setting, value);
  }

  /** Migrated and empty, as {@link TestDatabase#create} makes it on the server of all tests. */
  public TestDatabase createDatabase() {
    return database("windrow").created();
  }

  /** One that it has. */
  public TestDatabase database(String name) {
    return new TestDatabase("localhost", port, name, USER, USER);
  }

  /** Starts it; it accepts connections when this returns. */
  public void start() {
    launch();
    awaitReady();
  }

  /** Starts it and does not wait: what was not ended well recovers at first. */
  public void launch() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-D", data().toString(), "-p", Integer.toString(port)));
    settings.forEach((key, value) -> arguments.addAll(List.of("-c", key + "=" + value)));
    try {
      Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
      postmaster =
          programs
              .command("postgres", arguments)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns as soon as it accepts connections. */
  public void awaitReady() {
    long until = System.nanoTime() + STARTUP.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("the server does not start, see " + log());
      }
      keepStarting();
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /**
   * Starts it again if it has given up: what a kill has left may hold the port or the shared memory
   * for a moment. To be called while one waits for a server that was {@link #launch}ed.
   */
  public void keepStarting() {
    if (!running().isAlive()) {
      launch();
    }
  }

  /** Ends all of its processes at once, as a crash does. */
  public void kill() {
    Process process = running();
    // So that it neither begins nor mourns any.
    signal("STOP", List.of(process.pid()));
    List<ProcessHandle> children = process.descendants().toList();
    List<Long> all = new ArrayList<>(pids(children));
    all.add(process.pid());
    signal("KILL", all);
    await(process);
  }

  /** Ends it without a checkpoint: what it starts with next is its log. */
  public void stopImmediately() {
    stop("QUIT");
  }

  /** Ends all sessions, and then the server, in order. */
  public void stop() {
    stop("INT");
  }

  /** Stops the time of all of its processes, until {@link #resume}. */
  public void pause() {
    Process process = running();
    signal("STOP", List.of(process.pid()));
    signal("STOP", pids(process.descendants().toList()));
  }

  public void resume() {
    Process process = running();
    List<Long> all = pids(process.descendants().toList());
    all.add(process.pid());
    signal("CONT", all);
  }

  private void stop(String signal) {
    Process process = running();
    signal(signal, List.of(process.pid()));
    await(process);
  }

  // The file says whose it is in its first line, and the state in its eighth.
  private boolean isReady() {
    try {
      List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"));
      return lines.size() > 7
          && lines.get(0).strip().equals(Long.toString(running().pid()))
          && lines.get(7).strip().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  private Process running() {
    Process process = postmaster;
    if (process == null) {
      throw new IllegalStateException("the server was never started");
    }
    return process;
  }

  private static List<Long> pids(List<ProcessHandle> processes) {
    return new ArrayList<>(processes.stream().map(ProcessHandle::pid).toList());
  }

  // Some may have ended by themselves meanwhile: that is not told.
  private static void signal(String signal, List<Long> pids) {
    if (pids.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill \"$@\" 2>/dev/null", "kill"));
    command.add("-" + signal);
    pids.forEach(pid -> command.add(Long.toString(pid)));
    try {
      await(new ProcessBuilder(command).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("windrow-postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    while (true) {
      int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // In use: another one.
      }
    }
  }

  private void end() {
    Process process = postmaster;
    if (process != null && process.isAlive()) {
      kill();
    }
  }

  /** Kills it, and deletes its data; more than once is as once. */
  @Override
  public void close() {
    if (!Files.exists(folder)) {
      return;
    }
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
    Folders.delete(folder);
  }
}
