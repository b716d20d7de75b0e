package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Surroundings;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the run prints: a line for each round, a row for a README, and everything as JSON. */
final class Report {
  private Report() {}

  static void surroundings(PrintStream out, BenchSettings settings, Surroundings seen) {
    out.printf(
        "commit %s, %s, %d CPUs, PostgreSQL %s with %s; ingest-service with %s and default settings%n",
        seen.commit(),
        seen.jdk(),
        seen.cpus(),
        seen.postgresql(),
        seen.settings().entrySet().stream()
            .map(one -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining(", ")),
        String.join(" ", ServiceProcess.JVM_OPTIONS));
    out.printf(
        "%,d events a round, %d rounds after %d that do not count, %d types%n%n",
        settings.events(), settings.rounds(), settings.warmRounds(), settings.types());
    out.printf(
        "%-8s %5s | %31s | %43s | %5s | %13s | %23s | %13s%n",
        "", "", "bare COPY", "Windrow", "", "CPU s/M, COPY", "CPU s/M, Windrow", "WAL B/event");
    out.printf(
        "%-8s %5s | %12s %9s %8s | %9s %9s %12s %10s | %5s | %6s %6s | %7s %7s %7s | %6s %6s%n",
        "shape",
        "round",
        "",
        "seconds",
        "events/s",
        "acked s",
        "seconds",
        "events/s acked",
        "events/s",
        "ratio",
        "client",
        "pg",
        "client",
        "service",
        "pg",
        "COPY",
        "Windrow");
  }

  static void round(PrintStream out, Shape shape, Round round) {
    Meter.Usage bare = round.reference().usage();
    Meter.Usage windrow = round.windrow().usage();
    double millions = round.events() / 1e6;
    out.printf(
        "%-8s %5s | %9.2f %,8.0f | %9.2f %9.2f %,12.0f %,10.0f | %5.3f | %6.2f %6.2f | %7.2f %7.2f %7.2f | %6.0f %6.0f%n",
        shape.label(),
        round.counts() ? Integer.toString(round.number()) : "warm",
        round.reference().seconds(),
        round.referenceRate(),
        round.windrow().ackedSeconds(),
        round.windrow().seconds(),
        round.ackedRate(),
        round.windrowRate(),
        round.ratio(),
        bare.harness() / millions,
        bare.postgresql() / millions,
        windrow.harness() / millions,
        windrow.service() / millions,
        windrow.postgresql() / millions,
        bare.walBytes() / round.events(),
        windrow.walBytes() / round.events());
  }

  static void entityReads(PrintStream out, Shape shape, Map<String, EntityRead> bySide) {
    bySide.forEach(
        (side, read) ->
            out.printf(
                "%-8s 24 hours of an ordinary entity, %-9s: %s%n", shape.label(), side, read));
  }

  static void latencies(PrintStream out, Shape shape, Map<String, Latency> latencies) {
    latencies.forEach(
        (phase, latency) ->
            out.printf(
                "%-8s ack latency, %-20s: p50 %7.2f ms, p99 %7.2f ms, p99.9 %7.2f ms, %,d samples,"
                    + " %,.0f events/s, service holds %,.0f MiB%n",
                shape.label(),
                phase,
                latency.p50Millis(),
                latency.p99Millis(),
                latency.p999Millis(),
                latency.samples(),
                latency.eventsPerSecond(),
                latency.serviceBytes() / (1 << 20)));
  }

  static void result(
      PrintStream out, BenchSettings settings, Surroundings seen, List<ShapeResult> shapes) {
    out.println("RESULT " + Json.of(ResultJson.of(settings, seen, shapes)));
  }
}
