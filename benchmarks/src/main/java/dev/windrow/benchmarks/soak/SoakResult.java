package dev.windrow.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a soak has shown.
 *
 * @param full events per second at full speed
 * @param events that were sent, are stored, and are counted by every rollup
 * @param settledSeconds how long after the last one all was compacted
 * @param complaints lines of the services' logs that are not mere information
 */
record SoakResult(
    double full,
    long events,
    List<Sample> samples,
    double settledSeconds,
    List<String> complaints) {
  private static final int TEN_MINUTES = 10;

  SoakResult {
    samples = List.copyOf(samples);
    complaints = List.copyOf(complaints);
  }

  /** The samples after the first third, in which programs are compiled and caches fill. */
  List<Sample> steady() {
    return samples.subList(samples.size() / 3, samples.size());
  }

  /** By how much something grows in ten minutes, once it is steady. */
  double perTenMinutes(ToDoubleFunction<Sample> of) {
    List<Double> minutes = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Sample sample : steady()) {
      minutes.add(sample.minute());
      values.add(of.applyAsDouble(sample));
    }
    return TEN_MINUTES * Trend.slope(minutes, values);
  }

  /** The most of the steady samples. */
  double most(ToDoubleFunction<Sample> of) {
    return steady().stream().mapToDouble(of).max().orElse(Double.NaN);
  }

  /** The least of the steady samples. */
  double least(ToDoubleFunction<Sample> of) {
    return steady().stream().mapToDouble(of).min().orElse(Double.NaN);
  }
}
