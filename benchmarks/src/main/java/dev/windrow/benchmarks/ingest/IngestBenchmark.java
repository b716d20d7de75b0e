package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.RunFolder;
import dev.windrow.benchmarks.harness.Surroundings;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

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
    try (RunFolder folder = RunFolder.create();
        BenchPostgres postgres = BenchPostgres.start(folder.path())) {
      seen = Surroundings.look(postgres);
      Report.surroundings(out, settings, seen);
      ShapeRun run = new ShapeRun(settings, postgres, folder.path(), out);
      for (Shape shape : settings.shapes()) {
        results.add(run.run(shape));
      }
    }
    MarkdownTable.print(out, results);
    Report.result(out, settings, seen, results);
  }
}
