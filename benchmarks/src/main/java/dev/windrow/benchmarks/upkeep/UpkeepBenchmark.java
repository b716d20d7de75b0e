package dev.windrow.benchmarks.upkeep;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.Flag;
import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.RunFolder;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Surroundings;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The program: what jobs that make rollups anew take, in units of one scan of the events. */
public final class UpkeepBenchmark {
  private UpkeepBenchmark() {}

  /** Exit status 0 if all jobs did what they are for, whatever time they took. */
  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "dev/windrow/benchmarks/logback.xml");
    PrintStream out = System.out;
    int events = Flag.number("events", 5_000_000);
    int rounds = Flag.number("rounds", 3);
    Flag.atLeast("events", events, 1_000);
    Flag.atLeast("rounds", rounds, 1);
    Surroundings seen;
    Map<String, List<Double>> seconds;
    try (RunFolder folder = RunFolder.create();
        BenchPostgres postgres = BenchPostgres.start(folder.path())) {
      seen = Surroundings.look(postgres);
      out.printf(
          "commit %s, %s, %d CPUs, PostgreSQL %s, %,d events%n",
          seen.commit(), seen.jdk(), seen.cpus(), seen.postgresql(), events);
      seconds = new UpkeepRun(events, rounds, postgres, folder.path(), out).run();
    }
    double scan = median(Objects.requireNonNull(seconds.get(UpkeepRun.SCAN)));
    Map<String, Object> results = new LinkedHashMap<>();
    out.printf("%n| what | seconds, median of %d | scans |%n|---|---|---|%n", rounds);
    seconds.forEach(
        (what, all) -> {
          double median = median(all);
          out.printf("| %s | %.2f | %.1f |%n", what, median, median / scan);
          results.put(what, Json.object("seconds", all, "median", median, "scans", median / scan));
        });
    out.println(
        "RESULT "
            + Json.of(
                Json.object(
                    "benchmark",
                    "upkeep",
                    "commit",
                    seen.commit(),
                    "jdk",
                    seen.jdk(),
                    "cpus",
                    seen.cpus(),
                    "postgresql",
                    seen.postgresql(),
                    "service_jvm",
                    ServiceProcess.JVM_OPTIONS,
                    "events",
                    events,
                    "results",
                    results)));
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow();
  }
}
