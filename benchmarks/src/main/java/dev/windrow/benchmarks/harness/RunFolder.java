package dev.windrow.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for a run's data and logs, gone with the run. */
public record RunFolder(Path path) implements AutoCloseable {
  public static RunFolder create() throws IOException {
    return new RunFolder(Files.createTempDirectory("windrow-benchmark"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
