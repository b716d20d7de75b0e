package dev.windrow.benchmarks.ingest;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The program: Windrow's ingest against a bare COPY. */
public final class IngestBenchmark {
  private IngestBenchmark() {}

  /** Exit status 0 if everything was stored and counted, whatever time it took. */
  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "dev/windrow/benchmarks/logback.xml");
    PrintStream out = System.out;
    BenchSettings settings = BenchSettings.fromProperties();
    Surroundings seen;
    List<ShapeResult> results = new ArrayList<>();
    Path folder = Files.createTempDirectory("windrow-benchmark");
    try (BenchPostgres postgres = BenchPostgres.start(folder)) {
      seen = Surroundings.look(postgres);
      Report.surroundings(out, settings, seen);
      ShapeRun run = new ShapeRun(settings, postgres, folder, out);
      for (Shape shape : settings.shapes()) {
        results.add(run.run(shape));
      }
    } finally {
      delete(folder);
    }
    MarkdownTable.print(out, results);
    Report.result(out, settings, seen, results);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    }
  }
}
