package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.Service;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.WindrowTables;
import dev.windrow.benchmarks.harness.Workload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** One shape: a database and a service of its own, rounds that do not count, and the rounds. */
final class ShapeRun {
  // As long as phases: what a service needs for the compiler to come to rest under such a load.
  private static final int WARMING = 6;
  // A message at half speed.
  private static final int EVENTS = 100;

  private final BenchSettings settings;
  private final BenchPostgres postgres;
  private final Path folder;
  private final PrintStream out;

  ShapeRun(BenchSettings settings, BenchPostgres postgres, Path folder, PrintStream out) {
    this.settings = settings;
    this.postgres = postgres;
    this.folder = folder;
    this.out = out;
  }

  ShapeResult run(Shape shape) throws Exception {
    String database = "windrow_" + shape.label();
    postgres.createMigrated(database);
    Workload workload = shape.workload(settings.types(), Instant.now());
    try (Connection admin = postgres.connect(database);
        ServiceProcess service =
            ServiceProcess.start(
                Service.INGEST, postgres.port(), database, shape.serviceSettings(), folder)) {
      ReferenceSide reference = new ReferenceSide(postgres, database, admin, workload);
      WindrowTables tables = new WindrowTables(admin);
      WindrowSide windrow = new WindrowSide(shape, workload, service, tables);
      Meter meter = new Meter(admin, postgres.postmaster(), service.pid());
      Histogram fullSpeed = new ConcurrentHistogram(3);
      List<Round> rounds = new ArrayList<>();
      Map<String, EntityRead> entityReads = new LinkedHashMap<>();
      for (int number = 1 - settings.warmRounds(); number <= settings.rounds(); number++) {
        tables.truncate();
        SideResult bare = reference.round(number, settings.events(), meter);
        boolean last = number == settings.rounds();
        if (last) {
          entityReads.put("reference", EntityRead.ofReference(admin));
        }
        reference.truncate();
        SideResult ours = windrow.round(number, settings.events(), meter, fullSpeed);
        Round round = new Round(number, settings.events(), bare, ours);
        Report.round(out, shape, round);
        if (last) {
          entityReads.put("windrow", EntityRead.ofWindrow(admin));
        }
        if (!round.counts()) {
          fullSpeed.reset();
        } else {
          rounds.add(round);
        }
      }
      Map<String, Latency> latencies = new LinkedHashMap<>();
      double ackedRate = Spread.of(rounds, Round::ackedRate).median();
      latencies.put(
          "full_speed",
          Latency.of(fullSpeed, ackedRate, ProcessTimes.residentBytes(service.pid())));
      if (settings.latencySeconds() > 0) {
        double rate = Spread.of(rounds, Round::windrowRate).median();
        halfSpeed("warming", rate)
            .run(shape, workload, service, tables, WARMING * settings.latencySeconds());
        for (OpenLoop phase : phases(halfSpeed("half_speed", rate))) {
          if (!phase.flooded()) {
            latencies.put(
                phase.name() + "_reference", reference.latency(phase, settings.latencySeconds()));
          }
          latencies.put(
              phase.name(), phase.run(shape, workload, service, tables, settings.latencySeconds()));
        }
      }
      Report.entityReads(out, shape, entityReads);
      Report.latencies(out, shape, latencies);
      service.complaints().forEach(out::println);
      return new ShapeResult(
          shape, windrow.eventBytes(), rounds, entityReads, latencies, tables.checked());
    }
  }

  private static OpenLoop halfSpeed(String name, double rate) {
    return new OpenLoop(name, 4, 2, EVENTS, rate / 2 / EVENTS, 20, false);
  }

  private static List<OpenLoop> phases(OpenLoop halfSpeed) {
    return List.of(
        halfSpeed,
        new OpenLoop("idle", 1, 1, 1, 50, 50, false),
        new OpenLoop("thousand", 1_000, 12, 1, 1_000, 1, false),
        new OpenLoop("flooded", 1, 1, 1, 50, 50, true));
  }
}
