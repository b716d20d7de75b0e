package dev.windrow.benchmarks.soak;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.Flag;
import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.RunFolder;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Surroundings;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The program: whether anything grows under half of full load that should not. */
public final class SoakBenchmark {
  private static final Map<String, ToDoubleFunction<Sample>> WATCHED = new LinkedHashMap<>();

  static {
    WATCHED.put("heap of ingest-service after a collection, MiB", s -> s.ingest().heapMiB());
    WATCHED.put("heap of query-service after a collection, MiB", s -> s.query().heapMiB());
    WATCHED.put("open files of ingest-service", s -> s.ingest().files());
    WATCHED.put("open files of query-service", s -> s.query().files());
    WATCHED.put("threads of ingest-service", s -> s.ingest().threads());
    WATCHED.put("threads of query-service", s -> s.query().threads());
    WATCHED.put("connections to the database", Sample::connections);
    WATCHED.put("delta rows", Sample::deltaRows);
    WATCHED.put("unfolded events", Sample::unfoldedEvents);
    WATCHED.put("compaction lag, s", Sample::lagSeconds);
    WATCHED.put("rows found wrong by verification", Sample::driftRows);
    WATCHED.put("p99 of acknowledgements, ms", Sample::ackMillis);
    WATCHED.put("p99 of answers, ms", Sample::answerMillis);
  }

  private SoakBenchmark() {}

  /**
   * Exit status 0 if every event was stored and is counted once, no count ever went back, and no
   * row was found wrong; what grew is shown, and not judged.
   */
  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "dev/windrow/benchmarks/logback.xml");
    PrintStream out = System.out;
    int minutes = Flag.number("minutes", 30);
    double rate = Flag.real("rate", 1e9);
    Flag.atLeast("minutes", minutes, 1);
    Surroundings seen;
    SoakResult result;
    try (RunFolder folder = RunFolder.create();
        BenchPostgres postgres = BenchPostgres.start(folder.path())) {
      seen = Surroundings.look(postgres);
      out.printf(
          "commit %s, %s, %d CPUs, PostgreSQL %s, %d minutes%n",
          seen.commit(), seen.jdk(), seen.cpus(), seen.postgresql(), minutes);
      result = new SoakRun(postgres, folder.path(), out, minutes, rate).run();
    }
    result.complaints().forEach(out::println);
    out.printf("%n| what | least | most | growth in 10 minutes |%n|---|---|---|---|%n");
    WATCHED.forEach(
        (what, of) ->
            out.printf(
                "| %s | %.1f | %.1f | %.2f |%n",
                what, result.least(of), result.most(of), result.perTenMinutes(of)));
    out.println("RESULT " + Json.of(json(seen, result)));
    if (result.most(Sample::driftRows) > 0) {
      throw new IllegalStateException("verification: must find no row wrong");
    }
  }

  private static Map<String, Object> json(Surroundings seen, SoakResult result) {
    Map<String, Object> growth = new LinkedHashMap<>();
    WATCHED.forEach((what, of) -> growth.put(what, result.perTenMinutes(of)));
    return Json.object(
        "benchmark",
        "soak",
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
        "full_events_per_second",
        result.full(),
        "events",
        result.events(),
        "settled_s",
        result.settledSeconds(),
        "complaints",
        result.complaints().size(),
        "growth_in_10_minutes",
        growth,
        "samples",
        result.samples().stream().map(Sample::json).toList());
  }
}
