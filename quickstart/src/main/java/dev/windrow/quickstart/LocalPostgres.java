package dev.windrow.quickstart;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real PostgreSQL of this process, whose data outlives it. */
final class LocalPostgres implements AutoCloseable {
  private static final Duration STARTUP = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final FileChannel lock;

  private LocalPostgres(EmbeddedPostgres server, FileChannel lock) {
    this.server = server;
    this.lock = lock;
  }

  /** Starts on the folder's data, or on new data if there is none. */
  static LocalPostgres start(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel lock = lock(folder);
    Path data = folder.resolve("postgresql");
    endLeftover(data.resolve("postmaster.pid"));
    return new LocalPostgres(
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            // Its own hook would end it while the services still flush what they took.
            .setRegisterShutdownHook(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .setPGStartupWait(STARTUP)
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .start(),
        lock);
  }

  int port() {
    return server.getPort();
  }

  String jdbcUrl() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void close() throws IOException {
    server.close();
    lock.close();
  }

  // Held until the process ends, however it ends.
  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException(
          "another quickstart is using " + folder + "; choose a folder with -Dwindrow.data=…");
    }
    return channel;
  }

  // After a kill of this process its server may still run; two on the same data would not start.
  private static void endLeftover(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    String pid = Files.readAllLines(pidFile).get(0).trim();
    var running =
        ProcessHandle.of(Long.parseLong(pid))
            .filter(process -> process.info().command().orElse("").contains("postgres"));
    if (running.isPresent()) {
      running.get().destroy();
      try {
        running.get().onExit().get(STARTUP.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the PostgreSQL of an earlier run (pid " + pid + ") does not end", e);
      }
    }
  }
}
