package dev.windrow.benchmarks;

import dev.windrow.benchmarks.ingest.IngestBenchmark;
import dev.windrow.benchmarks.lane.LaneStress;
import dev.windrow.benchmarks.query.QueryBenchmark;
import dev.windrow.benchmarks.soak.SoakBenchmark;
import dev.windrow.benchmarks.upkeep.UpkeepBenchmark;

/** The program behind {@code -Dbench}: a benchmark by name, or else a JMH pattern. */
public final class Benchmarks {
  private Benchmarks() {}

  /** Runs what its one argument names. */
  public static void main(String[] args) throws Exception {
    if (args.length != 1) {
      System.err.println("bench: exactly one name is needed, got " + args.length);
      System.exit(2);
    }
    switch (args[0]) {
      case "ingest" -> IngestBenchmark.main(args);
      case "query" -> QueryBenchmark.main(args);
      case "upkeep" -> UpkeepBenchmark.main(args);
      case "soak" -> SoakBenchmark.main(args);
      case "jcstress" -> LaneStress.main(args);
      default -> org.openjdk.jmh.Main.main(args);
    }
  }
}
