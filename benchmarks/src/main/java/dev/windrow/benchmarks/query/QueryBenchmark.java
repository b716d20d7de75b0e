package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.RunFolder;
import dev.windrow.benchmarks.harness.Surroundings;
import java.io.PrintStream;
import java.util.List;

/** The program: Windrow's answers against SQL on raw events and on rollups made by hand. */
public final class QueryBenchmark {
  private QueryBenchmark() {}

  /** Exit status 0 if all sides gave the same answers, whatever time they took. */
  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "dev/windrow/benchmarks/logback.xml");
    PrintStream out = System.out;
    QuerySettings settings = QuerySettings.fromProperties();
    Surroundings seen;
    List<PhaseResult> phases;
    try (RunFolder folder = RunFolder.create();
        BenchPostgres postgres = BenchPostgres.start(folder.path())) {
      seen = Surroundings.look(postgres);
      QueryReport.surroundings(out, settings, seen);
      phases = new QueryRun(settings, postgres, folder.path(), out).run();
    }
    QueryReport.tables(out, phases);
    QueryReport.result(out, settings, seen, phases);
  }
}
