package dev.windrow.benchmarks.ingest;

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
    check("events", events, 1_000);
    check("rounds", rounds, 1);
    check("warm", warmRounds, 1);
    check("types", types, 1);
    check("latency", latencySeconds, 0);
  }

  static BenchSettings fromProperties() {
    return new BenchSettings(
        number("events", 2_000_000),
        number("rounds", 5),
        number("warm", 1),
        shapes(text("shape", "both")),
        number("types", 1),
        number("latency", 20));
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

  private static int number(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": must be a whole number, got " + value, e);
    }
  }

  // Maven passes what was not set as an empty text.
  private static String text(String name, String otherwise) {
    String value = System.getProperty(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": must be at least " + least + ", got " + value);
    }
  }
}
