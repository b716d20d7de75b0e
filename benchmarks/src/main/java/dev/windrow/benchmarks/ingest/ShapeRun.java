package dev.windrow.benchmarks.ingest;

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

/** One shape: a database and a service of its own, a round that does not count, and the rounds. */
final class ShapeRun {
  private static final int WARM_UP = 0;

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
    Workload workload = Workload.of(shape, settings, Instant.now());
    try (Connection admin = postgres.connect(database);
        ServiceProcess service =
            ServiceProcess.start(postgres.port(), database, shape.serviceSettings(), folder)) {
      ReferenceSide reference = new ReferenceSide(postgres, database, admin, workload);
      WindrowSide windrow = new WindrowSide(shape, admin, workload, service);
      Meter meter = new Meter(admin, postgres.postmaster(), service.pid());
      Histogram fullSpeed = new ConcurrentHistogram(3);
      List<Round> rounds = new ArrayList<>();
      for (int number = WARM_UP; number <= settings.rounds(); number++) {
        windrow.truncate();
        SideResult bare = reference.round(number, settings.events(), meter);
        reference.truncate();
        Round round =
            new Round(
                number,
                settings.events(),
                bare,
                windrow.round(number, settings.events(), meter, fullSpeed));
        Report.round(out, shape, round);
        if (number == WARM_UP) {
          fullSpeed.reset();
        } else {
          rounds.add(round);
        }
      }
      Map<String, Latency> latencies = new LinkedHashMap<>();
      latencies.put(
          "full_speed",
          Latency.of(
              fullSpeed,
              Spread.of(rounds, Round::ackedRate).median(),
              ProcessTimes.residentBytes(service.pid())));
      service.complaints().forEach(out::println);
      return new ShapeResult(shape, 0, rounds, latencies, windrow.acked());
    }
  }
}
