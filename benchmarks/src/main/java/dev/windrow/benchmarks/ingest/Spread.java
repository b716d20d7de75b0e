package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Of one figure over the rounds. */
record Spread(double min, double median, double max) {
  static Spread of(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** The median over the rounds of what one side used for a million events. */
  static double perMillion(
      List<Round> rounds, Function<Round, SideResult> side, ToDoubleFunction<Meter.Usage> used) {
    return of(rounds, r -> used.applyAsDouble(side.apply(r).usage()) * 1e6 / r.events()).median();
  }

  Map<String, Object> json() {
    return Json.object("min", min, "median", median, "max", max);
  }
}
