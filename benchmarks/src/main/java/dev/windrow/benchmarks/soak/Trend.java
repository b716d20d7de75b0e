package dev.windrow.benchmarks.soak;

import java.util.List;

/** A straight line through points, by least squares. */
final class Trend {
  private Trend() {}

  /** By how much y grows while x grows by one; 0 for fewer than two points. */
  static double slope(List<Double> x, List<Double> y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.size(); i++) {
      products += (x.get(i) - meanX) * (y.get(i) - meanY);
      squares += (x.get(i) - meanX) * (x.get(i) - meanX);
    }
    return squares == 0 ? 0 : products / squares;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}
