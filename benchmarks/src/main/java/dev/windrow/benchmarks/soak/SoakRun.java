package dev.windrow.benchmarks.soak;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.EventLoad;
import dev.windrow.benchmarks.harness.HistoryTimes;
import dev.windrow.benchmarks.harness.LiveTimes;
import dev.windrow.benchmarks.harness.Service;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Sql;
import dev.windrow.benchmarks.harness.WindrowTables;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Measures what the service takes at most, and then has it take a part of that for long. */
final class SoakRun {
  private static final String DATABASE = "windrow_soak";
  // Enough for both to compile and for the tables to be there.
  private static final int HISTORY = 1_000_000;
  private static final int FULL = 3_000_000;
  private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();
  private static final double NANOS_PER_MINUTE = 60e9;

  private static final String CONNECTIONS =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'windrow%'";

  private final BenchPostgres postgres;
  private final Path folder;
  private final PrintStream out;
  private final int minutes;
  private final double mostPerSecond;

  /**
   * @param mostPerSecond events per second that are not exceeded, be half of what was measured more
   */
  SoakRun(BenchPostgres postgres, Path folder, PrintStream out, int minutes, double mostPerSecond) {
    this.postgres = postgres;
    this.folder = folder;
    this.out = out;
    this.minutes = minutes;
    this.mostPerSecond = mostPerSecond;
  }

  SoakResult run() throws Exception {
    postgres.createMigrated(DATABASE);
    try (Connection admin = postgres.connect(DATABASE)) {
      int ingestMetrics = freePort();
      int queryMetrics = freePort();
      try (ServiceProcess ingest = start(Service.INGEST, ingestMetrics);
          ServiceProcess query = start(Service.QUERY, queryMetrics)) {
        WindrowTables tables = new WindrowTables(admin);
        new EventLoad("history", new HistoryTimes(Instant.now()), HISTORY).send(ingest.port());
        double full = full(ingest.port());
        tables.awaitSettled();
        double rate = Math.min(full / 2, mostPerSecond);
        out.printf("full speed %,.0f events/s; from now on %,.0f%n", full, rate);
        List<Sample> samples = new ArrayList<>();
        long sent =
            soak(
                rate,
                admin,
                new Patient(ingest, ingestMetrics),
                new Patient(query, queryMetrics),
                samples);
        long begun = System.nanoTime();
        tables.awaitSettled();
        double settled = (System.nanoTime() - begun) / 1e9;
        long all = HISTORY + FULL + sent;
        tables.check(all, all);
        List<String> complaints = new ArrayList<>(ingest.complaints());
        complaints.addAll(query.complaints());
        return new SoakResult(full, all, samples, settled, complaints);
      }
    }
  }

  private double full(int port) throws InterruptedException, ExecutionException {
    long begun = System.nanoTime();
    new EventLoad("full", new LiveTimes(), FULL).send(port);
    return FULL / ((System.nanoTime() - begun) / 1e9);
  }

  private long soak(
      double rate, Connection admin, Patient ingest, Patient query, List<Sample> samples)
      throws Exception {
    try (LiveLoad load = new LiveLoad(ingest.service().port(), rate);
        Asking asking = new Asking(query.service().port())) {
      long begin = System.nanoTime();
      for (int i = 1; i <= minutes; i++) {
        waitUntil(begin + i * LOOK_NANOS);
        Sample sample =
            look(
                (System.nanoTime() - begin) / NANOS_PER_MINUTE, load, asking, admin, ingest, query);
        asking.check();
        samples.add(sample);
        out.println(sample.line());
      }
      long sent = load.end();
      if (load.stored() != sent) {
        throw new IllegalStateException(sent + " events were sent, " + load.stored() + " stored");
      }
      return sent;
    }
  }

  private static Sample look(
      double minute, LiveLoad load, Asking asking, Connection admin, Patient ingest, Patient query)
      throws IOException, InterruptedException, SQLException {
    double ack = p99(load.micros());
    double answer = p99(asking.micros());
    Scrape scrape = Scrape.of(ingest.metricsPort());
    Sample sample =
        new Sample(
            minute,
            load.stored(),
            ingest.look(),
            query.look(),
            Sql.number(admin, CONNECTIONS),
            scrape.sum("windrow_delta_rows"),
            scrape.sum("windrow_unfolded_events"),
            scrape.sum("windrow_compaction_lag_seconds"),
            scrape.sum("windrow_verification_drift_rows"),
            scrape.sum("windrow_verification_verified_days"),
            ack,
            answer);
    // What the collections of this look cost is not counted.
    load.micros().reset();
    asking.micros().reset();
    return sample;
  }

  private static double p99(Histogram micros) {
    return micros.getValueAtPercentile(99) / 1e3;
  }

  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private ServiceProcess start(Service service, int metricsPort) throws Exception {
    return ServiceProcess.start(
        service,
        postgres.port(),
        DATABASE,
        Map.of("WINDROW_METRICS_PORT", Integer.toString(metricsPort)),
        folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
