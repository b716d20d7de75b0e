package dev.windrow.migrations.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The programs of one release of PostgreSQL. The system property {@code windrow.test.pg.bin} names
 * their folder; without it, it is that of the embedded server, which has no pg_dump.
 */
public final class PostgresPrograms {
  private static final String FOLDER_PROPERTY = "windrow.test.pg.bin";
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private final Path folder;

  private PostgresPrograms(Path folder) {
    this.folder = folder;
  }

  public static PostgresPrograms find() {
    return Holder.PROGRAMS;
  }

  /** Those of a whole installation: named by the property, or found on the PATH. */
  public static Optional<PostgresPrograms> findComplete() {
    PostgresPrograms named = find();
    if (named.has("pg_dump")) {
      return Optional.of(named);
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      PostgresPrograms programs = new PostgresPrograms(Path.of(entry));
      if (!entry.isEmpty() && programs.has("pg_dump") && programs.has("postgres")) {
        return Optional.of(programs);
      }
    }
    return Optional.empty();
  }

  public boolean has(String program) {
    return Files.isExecutable(folder.resolve(program));
  }

  /** Runs a program to its end, which must be a good one; what it said. */
  public String run(String program, String... arguments) {
    try {
      Process process = command(program, List.of(arguments)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(program + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // PostgreSQL refuses to be root. In a user namespace without a mapping it is nobody, and so is
  // the owner of root's files.
  ProcessBuilder command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(folder.resolve(program).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static Path folder() {
    String named = System.getProperty(FOLDER_PROPERTY, "");
    return named.isEmpty() ? embedded() : Path.of(named);
  }

  // The embedded server unpacks its programs when it starts, and its data say where it has them.
  private static Path embedded() {
    try {
      Path data = Files.createTempDirectory("windrow-embedded");
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start();
      String options = Files.readString(data.resolve("postmaster.opts"));
      server.close();
      Folders.delete(data);
      return Objects.requireNonNull(
          Path.of(options.substring(0, options.indexOf(" \"-"))).getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    static final PostgresPrograms PROGRAMS = new PostgresPrograms(folder());
  }
}
