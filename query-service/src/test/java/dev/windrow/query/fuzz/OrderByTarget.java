package dev.windrow.query.fuzz;

import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.OrderParser;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.rollup.Dimension;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes as an order: terms of what is asked for, each once, or refused. */
public final class OrderByTarget {
  private static final List<Metric> METRICS =
      List.of(
          Metric.of(Measure.COUNT),
          Metric.percentile(99.9),
          Metric.statusShare(List.of("a, b desc", "c")),
          Metric.histogram(List.of(1.0, 2.0)));
  private static final List<Dimension> GROUPS =
      List.of(
          Dimension.parse("source"),
          Dimension.parse("attributes.a"),
          Dimension.parse("attributes.a desc"),
          Dimension.parse("attributes.a, count"));
  private static final int MOST_TERMS = 1 + 3 + 4;

  private OrderByTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    List<OrderTerm> terms;
    try {
      terms = OrderParser.parse(new String(data, StandardCharsets.UTF_8), METRICS, GROUPS);
    } catch (IllegalArgumentException e) {
      return;
    }
    if (terms.size() > MOST_TERMS) {
      throw new AssertionError("a target twice: " + terms);
    }
  }
}
