package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Flag;
import java.util.List;
import java.util.Locale;

/**
 * What to run, from the system properties of the same names.
 *
 * @param events in each round
 * @param rounds that count
 * @param warmRounds before them, that do not
 * @param shapes which workloads
 * @param types how many different types the events have
 * @param latencySeconds how long each latency phase lasts; 0 leaves them out
 */
record BenchSettings(
    int events, int rounds, int warmRounds, List<Shape> shapes, int types, int latencySeconds) {
  BenchSettings {
    shapes = List.copyOf(shapes);
    Flag.atLeast("events", events, 1_000);
    Flag.atLeast("rounds", rounds, 1);
    Flag.atLeast("warm", warmRounds, 1);
    Flag.atLeast("types", types, 1);
    Flag.atLeast("latency", latencySeconds, 0);
  }

  static BenchSettings fromProperties() {
    return new BenchSettings(
        Flag.number("events", 2_000_000),
        Flag.number("rounds", 5),
        Flag.number("warm", 1),
        shapes(Flag.text("shape", "both")),
        Flag.number("types", 1),
        Flag.number("latency", 20));
  }

  private static List<Shape> shapes(String name) {
    return switch (name) {
      case "live", "history", "flights" -> List.of(Shape.valueOf(name.toUpperCase(Locale.ROOT)));
      case "both" -> List.of(Shape.LIVE, Shape.HISTORY);
      default ->
          throw new IllegalArgumentException(
              "shape: must be live, history, both or flights, got " + name);
    };
  }
}
