package dev.windrow.benchmarks.upkeep;

import com.google.protobuf.Timestamp;
import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.EventLoad;
import dev.windrow.benchmarks.harness.HistoryTimes;
import dev.windrow.benchmarks.harness.Service;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Sql;
import dev.windrow.benchmarks.harness.WindrowTables;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.RebuiltRollup;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.RetireRollupJob;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.query.v1.TimeWindow;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads events over 30 days, compacts them, and then has jobs done that read them all. */
final class UpkeepRun {
  static final String SCAN = "one scan of the events in SQL";

  private static final String DATABASE = "windrow_upkeep";

  // By one process, as a job reads; all columns that rollups need, and nothing that sorts.
  private static final String SCANNED =
      """
      SELECT count(*), count(source), count(type), count(status), count(entity_id), max(occurred_at), sum(value), sum(amount)
      FROM events
      """;

  private final int events;
  private final int rounds;
  private final BenchPostgres postgres;
  private final Path folder;
  private final PrintStream out;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  UpkeepRun(int events, int rounds, BenchPostgres postgres, Path folder, PrintStream out) {
    this.events = events;
    this.rounds = rounds;
    this.postgres = postgres;
    this.folder = folder;
    this.out = out;
  }

  /** How long each thing took, round by round. */
  Map<String, List<Double>> run() throws Exception {
    postgres.createMigrated(DATABASE);
    HistoryTimes times = new HistoryTimes(Instant.now());
    List<LocalDate> days = times.days(Instant.now());
    // The 1 % that is late may lie on days before; those of the window are enough.
    List<LocalDate> whole = days.subList(days.size() - 30, days.size());
    try (Connection admin = postgres.connect(DATABASE);
        ServiceProcess ingest = start(Service.INGEST, Map.of("WINDROW_SEAL_QUIET", "PT2S"));
        ServiceProcess query = start(Service.QUERY, Map.of());
        JobClient jobs = new JobClient(query.port())) {
      WindrowTables tables = new WindrowTables(admin);
      new EventLoad("history", times, events).send(ingest.port());
      NamedEvents.append(ingest.port(), whole, 2 * rounds);
      tables.awaitSettled();
      tables.awaitSealed();
      int named = 2 * rounds * whole.size();
      tables.check(events + named, events + named);
      Sql.run(admin, "VACUUM (ANALYZE)");
      Sql.run(admin, "SET max_parallel_workers_per_gather = 0");
      for (int round = 0; round < rounds; round++) {
        round(admin, jobs, days, whole, round);
      }
      long left = Sql.number(admin, "SELECT count(*) FROM events");
      tables.check(left, events + named - (long) rounds * (1 + whole.size()));
      ingest.complaints().forEach(out::println);
      query.complaints().forEach(out::println);
    }
    return seconds;
  }

  private void round(
      Connection admin, JobClient jobs, List<LocalDate> days, List<LocalDate> whole, int round)
      throws SQLException {
    scan(admin);
    TimeWindow window = window(days);
    note("verify all rollups", jobs.run(verify(window)));
    note("recompute all rollups", jobs.run(recompute(window)));
    String name = "status" + round;
    note("create a rollup by status", jobs.run(create(name, "status")));
    note("retire it", jobs.run(retire(name)));
    String wide = "entity" + round;
    note("create a rollup by source and entity", jobs.run(create(wide, "source", "entity_id")));
    note("retire that", jobs.run(retire(wide)));
    note("take back one event", jobs.run(NamedEvents.takeBack(whole.subList(9, 10), 2 * round)));
    note(
        "take back one event of each of 30 days",
        jobs.run(NamedEvents.takeBack(whole, 2 * round + 1)));
  }

  private void scan(Connection admin) throws SQLException {
    long begun = System.nanoTime();
    Sql.text(admin, SCANNED);
    note(SCAN, (System.nanoTime() - begun) / 1e9);
  }

  private void note(String what, JobClient.Done done) {
    for (ReadJobResultResponse page : done.result()) {
      for (RebuiltRollup rollup : page.getRebuiltDay().getRollupsList()) {
        if (rollup.getDifferingRowCount() > 0) {
          throw new IllegalStateException("rows must be what the events say, got " + rollup);
        }
      }
    }
    note(what, done.seconds());
  }

  private void note(String what, double took) {
    seconds.computeIfAbsent(what, first -> new ArrayList<>()).add(took);
    out.printf("%-45s %8.2f s%n", what, took);
  }

  private ServiceProcess start(Service service, Map<String, String> settings) throws Exception {
    return ServiceProcess.start(service, postgres.port(), DATABASE, settings, folder);
  }

  private static TimeWindow window(List<LocalDate> days) {
    return TimeWindow.newBuilder()
        .setStartTime(midnight(days.get(0)))
        .setEndTime(midnight(days.get(days.size() - 1).plusDays(1)))
        .build();
  }

  private static Timestamp midnight(LocalDate day) {
    return Timestamp.newBuilder()
        .setSeconds(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC))
        .build();
  }

  private static JobSpec verify(TimeWindow window) {
    return JobSpec.newBuilder().setVerify(VerifyJob.newBuilder().setWindow(window)).build();
  }

  private static JobSpec recompute(TimeWindow window) {
    return JobSpec.newBuilder().setRecompute(RecomputeJob.newBuilder().setWindow(window)).build();
  }

  private static JobSpec create(String name, String... dimensions) {
    return JobSpec.newBuilder()
        .setCreateRollup(
            CreateRollupJob.newBuilder().setRollup(name).addAllDimensions(List.of(dimensions)))
        .build();
  }

  private static JobSpec retire(String name) {
    return JobSpec.newBuilder()
        .setRetireRollup(RetireRollupJob.newBuilder().setRollup(name))
        .build();
  }
}
