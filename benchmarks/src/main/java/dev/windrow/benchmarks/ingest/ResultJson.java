package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Surroundings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The last line: everything that was measured. */
final class ResultJson {
  private ResultJson() {}

  static Map<String, Object> of(
      BenchSettings settings, Surroundings seen, List<ShapeResult> results) {
    Map<String, Object> shapes = new LinkedHashMap<>();
    results.forEach(result -> shapes.put(result.shape().label(), shape(result)));
    return Json.object(
        "benchmark", "ingest",
        "commit", seen.commit(),
        "jdk", seen.jdk(),
        "cpus", seen.cpus(),
        "postgresql", Json.object("version", seen.postgresql(), "settings", seen.settings()),
        "service_jvm", ServiceProcess.JVM_OPTIONS,
        "events", settings.events(),
        "warm_rounds", settings.warmRounds(),
        "types", settings.types(),
        "shapes", shapes);
  }

  private static Map<String, Object> shape(ShapeResult result) {
    List<Round> rounds = result.rounds();
    Map<String, Object> latencies = new LinkedHashMap<>();
    result.latencies().forEach((phase, latency) -> latencies.put(phase, latency.json()));
    Map<String, Object> entityReads = new LinkedHashMap<>();
    result.entityReads().forEach((side, read) -> entityReads.put(side, read.json()));
    return Json.object(
        "event_bytes", result.eventBytes(),
        "ratio", result.ratio().json(),
        "events_per_second",
            Json.object(
                "reference", Spread.of(rounds, Round::referenceRate).json(),
                "windrow", Spread.of(rounds, Round::windrowRate).json(),
                "windrow_acked", Spread.of(rounds, Round::ackedRate).json()),
        "cpu_s_per_million",
            Json.object(
                "reference", cpu(rounds, Round::reference),
                "windrow", cpu(rounds, Round::windrow)),
        "wal_bytes_per_event",
            Json.object(
                "reference", wal(rounds, Round::reference),
                "windrow", wal(rounds, Round::windrow)),
        "entity_24_hours", entityReads,
        "ack_latency", latencies,
        "sent", result.checked().sent(),
        "acked", result.checked().acked(),
        "rows", result.checked().rows(),
        "dropped", result.checked().sent() - result.checked().acked(),
        "rounds", rounds.stream().map(ResultJson::round).toList());
  }

  private static Map<String, Object> cpu(List<Round> rounds, Function<Round, SideResult> side) {
    return Json.object(
        "harness", Spread.perMillion(rounds, side, Meter.Usage::harness),
        "service", Spread.perMillion(rounds, side, Meter.Usage::service),
        "postgresql", Spread.perMillion(rounds, side, Meter.Usage::postgresql),
        "all", Spread.perMillion(rounds, side, Meter.Usage::cpu));
  }

  private static double wal(List<Round> rounds, Function<Round, SideResult> side) {
    return Spread.perMillion(rounds, side, Meter.Usage::walBytes) / 1e6;
  }

  private static Map<String, Object> round(Round round) {
    return Json.object(
        "round", round.number(),
        "ratio", round.ratio(),
        "reference", side(round.reference()),
        "windrow", side(round.windrow()));
  }

  private static Map<String, Object> side(SideResult side) {
    return Json.object(
        "acked_s", side.ackedSeconds(),
        "seconds", side.seconds(),
        "cpu_s",
            Json.object(
                "harness", side.usage().harness(),
                "service", side.usage().service(),
                "postgresql", side.usage().postgresql()),
        "wal_bytes", side.usage().walBytes());
  }
}
