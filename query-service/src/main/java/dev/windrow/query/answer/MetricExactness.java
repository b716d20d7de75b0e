package dev.windrow.query.answer;

import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.QuantileSketch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How exact a metric of an answer is.
 *
 * @param relativeError the greatest one; 0 if exact
 * @param confidence the probability that the error is within {@code relativeError}
 */
public record MetricExactness(
    String name, boolean sketch, double relativeError, double confidence) {
  // Three standard errors, and how much of a normal distribution lies within them.
  private static final double STANDARD_ERRORS = 3;
  private static final double CONFIDENCE = 0.997;

  /** How exact the metrics of a question are over few events. */
  static List<MetricExactness> atBest(Question question) {
    return of(question, List.of(), List.of());
  }

  /**
   * How exact the metrics of some rows are.
   *
   * @param ordered all rows: a metric that orders them is as exact as the least exact of them,
   *     because which rows come first depends on them all
   * @param shown those of them that are in the answer
   */
  static List<MetricExactness> of(
      Question question, List<AnswerRow> ordered, List<AnswerRow> shown) {
    return IntStream.range(0, question.metrics().size())
        .mapToObj(
            i -> of(question.metrics().get(i), question.isOrderedByMetric(i) ? ordered : shown))
        .toList();
  }

  private static MetricExactness of(Metric metric, List<AnswerRow> rows) {
    return switch (metric.measure()) {
      case PERCENTILE -> new MetricExactness(metric.name(), true, QuantileSketch.RELATIVE_ERROR, 1);
      case HISTOGRAM -> new MetricExactness(metric.name(), true, QuantileSketch.BOUND_ERROR, 1);
      case DISTINCT_ENTITIES ->
          rows.stream().allMatch(AnswerRow::allDistinctExact)
              ? exact(metric)
              : new MetricExactness(
                  metric.name(),
                  true,
                  STANDARD_ERRORS * EntitySketch.RELATIVE_STANDARD_ERROR,
                  CONFIDENCE);
      default -> exact(metric);
    };
  }

  private static MetricExactness exact(Metric metric) {
    return new MetricExactness(metric.name(), false, 0, 1);
  }
}
