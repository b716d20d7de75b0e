package dev.windrow.benchmarks.ingest;

import java.util.List;
import java.util.Map;

/**
 * All about one shape.
 *
 * @param acked events that Windrow acknowledged, all of which were found stored and counted
 * @param latencies by phase
 */
record ShapeResult(
    Shape shape, int eventBytes, List<Round> rounds, Map<String, Latency> latencies, long acked) {
  ShapeResult {
    rounds = List.copyOf(rounds);
  }

  Spread ratio() {
    return Spread.of(rounds, Round::ratio);
  }
}
