package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.EventLoad;
import dev.windrow.benchmarks.harness.HistoryTimes;
import dev.windrow.benchmarks.harness.Service;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Sql;
import dev.windrow.benchmarks.harness.WindrowTables;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads the events and asks: once with everything compacted, once with a live delta. */
final class QueryRun {
  private static final String DATABASE = "windrow_query";

  // This process neither looks for something to compact, nor do its lanes hand anything over, for
  // as
  // long as any run may take.
  private static final Map<String, String> LEAVES_DELTA =
      Map.of(
          "WINDROW_COMPACTION_PAUSE", "P30D",
          "WINDROW_UNFOLDED_TIME", "P30D",
          "WINDROW_UNFOLDED_EVENTS", "100000000");

  // Days that are over are sealed as soon as the load has gone through, instead of 10 minutes
  // later.
  private static final Map<String, String> SEALS_AT_ONCE = Map.of("WINDROW_SEAL_QUIET", "PT2S");

  // The status of the run depends on answers, not on how long they take.
  private static final Map<String, String> UNHURRIED = Map.of("WINDROW_MAX_QUERY_TIME", "PT10M");

  private static final Map<String, String> READS_ALL =
      Map.of("WINDROW_MAX_QUERY_TIME", "PT10M", "WINDROW_SEGMENT_CACHE_BYTES", "0");

  private final QuerySettings settings;
  private final BenchPostgres postgres;
  private final Path folder;
  private final PrintStream out;

  QueryRun(QuerySettings settings, BenchPostgres postgres, Path folder, PrintStream out) {
    this.settings = settings;
    this.postgres = postgres;
    this.folder = folder;
    this.out = out;
  }

  List<PhaseResult> run() throws Exception {
    postgres.createMigrated(DATABASE);
    HistoryTimes times = new HistoryTimes(Instant.now());
    List<LocalDate> days = times.days(Instant.now());
    Instant first = days.get(0).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant end = days.get(days.size() - 1).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    List<Question> questions =
        Questions.about(first, end).stream()
            .filter(question -> question.name().matches(settings.questions()))
            .toList();
    List<PhaseResult> phases = new ArrayList<>();
    try (Connection admin = postgres.connect(DATABASE)) {
      loadHistory(admin, new EventLoad("history", times, settings.events()));
      try (ServiceProcess query = start(Service.QUERY, UNHURRIED);
          ServiceProcess reading = start(Service.QUERY, READS_ALL)) {
        Ports ports = new Ports(query.port(), reading.port());
        phases.add(phase("compacted", admin, ports, questions, 0));
        if (settings.live() > 0) {
          try (ServiceProcess ingest = start(Service.INGEST, LEAVES_DELTA)) {
            new EventLoad("live", new LastMinutes(end), settings.live()).send(ingest.port());
            phases.add(phase("live", admin, ports, questions, settings.live()));
            ingest.complaints().forEach(out::println);
          }
        }
        query.complaints().forEach(out::println);
        reading.complaints().forEach(out::println);
      }
    }
    return phases;
  }

  /**
   * Returns when every event is in its buckets, days are sealed, and tables are as a quiet hour
   * would leave them.
   */
  private void loadHistory(Connection admin, EventLoad history) throws Exception {
    try (ServiceProcess ingest = start(Service.INGEST, SEALS_AT_ONCE)) {
      WindrowTables tables = new WindrowTables(admin);
      history.send(ingest.port());
      tables.awaitSettled();
      tables.awaitSealed();
      tables.check(history.events(), history.events());
      ingest.complaints().forEach(out::println);
    }
    Sql.run(admin, "VACUUM (ANALYZE)");
  }

  private PhaseResult phase(
      String name, Connection admin, Ports ports, List<Question> questions, int live)
      throws Exception {
    PlainEvents.make(admin);
    HandRollups.make(admin);
    Sql.run(admin, "CHECKPOINT");
    List<LiveDelta> delta = LiveDelta.require(admin, settings.events(), live);
    delta.forEach(out::println);
    Phase phase = new Phase(name, postgres, DATABASE, ports, settings.seconds(), out);
    if (live == 0) {
      phase.warmUp(questions, settings.warm());
    }
    List<QuestionResult> results = phase.run(questions);
    if (!LiveDelta.require(admin, settings.events(), live).equals(delta)) {
      throw new IllegalStateException(name + ": the delta has changed meanwhile");
    }
    return new PhaseResult(name, delta, results);
  }

  private ServiceProcess start(Service service, Map<String, String> serviceSettings)
      throws Exception {
    return ServiceProcess.start(service, postgres.port(), DATABASE, serviceSettings, folder);
  }
}
