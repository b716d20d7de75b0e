package dev.windrow.query.drift;

import dev.windrow.query.question.Metric;

/** A metric, and how far apart its values may be to be equal. */
public record ComparedMetric(Metric metric, Tolerance tolerance) {
  public ComparedMetric {
    if (!isComparable(metric)) {
      throw new IllegalArgumentException("metric: must be a number, got " + metric.name());
    }
  }

  /** Whether the values of a metric can be compared: they are numbers. */
  public static boolean isComparable(Metric metric) {
    return switch (metric.measure()) {
      case HISTOGRAM -> false;
      default -> true;
    };
  }

  /** Whether its values are integers of any size; else they are real numbers. */
  public boolean isWhole() {
    return switch (metric.measure()) {
      case COUNT, DISTINCT_ENTITIES, AMOUNT_SUM -> true;
      default -> false;
    };
  }

  /** Whether the values of all rows add up to that of all events. */
  boolean addsUp() {
    return switch (metric.measure()) {
      case COUNT, SUM, AMOUNT_SUM -> true;
      default -> false;
    };
  }
}
