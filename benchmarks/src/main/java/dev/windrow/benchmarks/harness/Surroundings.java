package dev.windrow.benchmarks.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * What the figures depend on.
 *
 * @param commit of the working tree; with a plus where files differ from it
 * @param settings of PostgreSQL that are not its defaults
 */
public record Surroundings(
    String commit, String jdk, int cpus, String postgresql, Map<String, String> settings) {
  // How the embedded server is reached and where it lies says nothing.
  private static final String NOT_DEFAULT =
      """
      SELECT name, current_setting(name) FROM pg_settings
      WHERE source = 'command line' AND name NOT IN ('port', 'data_directory', 'config_file', 'hba_file', 'ident_file')
      ORDER BY name
      """;

  public static Surroundings look(BenchPostgres postgres)
      throws SQLException, IOException, InterruptedException {
    try (Connection connection = postgres.connect(BenchPostgres.USER)) {
      return new Surroundings(
          head(),
          System.getProperty("java.vm.name") + " " + Runtime.version(),
          Runtime.getRuntime().availableProcessors(),
          Sql.text(connection, "SHOW server_version"),
          Sql.map(connection, NOT_DEFAULT));
    }
  }

  private static String head() throws InterruptedException {
    try {
      String head = git("rev-parse", "--short=12", "HEAD");
      return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? head : head + "+";
    } catch (IOException e) {
      // A copy without its history, or a machine without git.
      return "unknown";
    }
  }

  private static String git(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("git");
    builder.command().addAll(List.of(arguments));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("git failed");
    }
    return output.strip();
  }
}
