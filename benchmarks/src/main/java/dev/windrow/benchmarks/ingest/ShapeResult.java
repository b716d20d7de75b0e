package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.WindrowTables;
import java.util.List;
import java.util.Map;

/**
 * All about one shape.
 *
 * @param eventBytes of an event on the wire
 * @param checked events sent to Windrow, acknowledged, and found in its tables
 * @param entityReads of the last round's events, by side
 * @param latencies by phase
 */
record ShapeResult(
    Shape shape,
    int eventBytes,
    List<Round> rounds,
    Map<String, EntityRead> entityReads,
    Map<String, Latency> latencies,
    WindrowTables.Checked checked) {
  ShapeResult {
    rounds = List.copyOf(rounds);
  }

  Spread ratio() {
    return Spread.of(rounds, Round::ratio);
  }
}
