package dev.windrow.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.testing.Oracle;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.rollup.QuantileSketch;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Compares the rows of an answer with what every single event says. */
final class AnswerCheck {
  private AnswerCheck() {}

  static void check(String context, Question question, Answer answer, List<TestEvent> events) {
    Map<Oracle.RowKey, List<TestEvent>> expected =
        new TreeMap<>(
            (a, b) ->
                a.interval() != b.interval()
                    ? Integer.compare(a.interval(), b.interval())
                    : a.group().compareTo(b.group()));
    expected.putAll(Oracle.rows(question, events));
    if (question.hasOneRow() && expected.isEmpty()) {
      expected.put(new Oracle.RowKey(0, RollupKey.of()), List.of());
    }
    assertThat(answer.totalRowCount()).as(context).isEqualTo(expected.size());
    assertThat(answer.rows()).as(context).hasSize(expected.size());
    int at = 0;
    for (var entry : expected.entrySet()) {
      AnswerRow row = answer.rows().get(at++);
      TimeRange window = question.intervals().range(entry.getKey().interval());
      assertThat(row.window()).as(context).isEqualTo(window);
      assertThat(row.group()).as(context).isEqualTo(entry.getKey().group());
      for (int i = 0; i < question.metrics().size(); i++) {
        Metric metric = question.metrics().get(i);
        checkValue(
            context + " " + metric.name() + " of " + row,
            metric,
            row.values().get(i),
            window,
            entry.getValue());
      }
    }
  }

  private static void checkValue(
      String context, Metric metric, Value value, TimeRange window, List<TestEvent> events) {
    List<Double> values =
        events.stream()
            .map(TestEvent::measured)
            .filter(Objects::nonNull)
            .map(v -> v + 0.0)
            .sorted()
            .toList();
    BigDecimal sum = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal count = BigDecimal.valueOf(events.size());
    switch (metric.measure()) {
      case COUNT -> assertThat(value).as(context).isEqualTo(Value.of(events.size()));
      case SUM -> checkReal(context, value, values.isEmpty(), sum.doubleValue());
      case AVG ->
          checkReal(
              context,
              value,
              values.isEmpty(),
              values.isEmpty() ? 0 : divided(sum, BigDecimal.valueOf(values.size())));
      case MIN -> checkReal(context, value, values.isEmpty(), first(values, 0));
      case MAX -> checkReal(context, value, values.isEmpty(), first(values, values.size() - 1));
      case STDDEV -> checkDeviation(context, value, values);
      case PERCENTILE -> checkPercentile(context, metric, value, values);
      case DISTINCT_ENTITIES ->
          assertThat(value)
              .as(context)
              .isEqualTo(Value.of(events.stream().map(TestEvent::entityId).distinct().count()));
      case AMOUNT_SUM ->
          assertThat(value)
              .as(context)
              .isEqualTo(
                  new Value.Whole(
                      events.stream()
                          .map(event -> BigInteger.valueOf(event.amount()))
                          .reduce(BigInteger.ZERO, BigInteger::add)));
      case RATE ->
          checkReal(
              context,
              value,
              window.isEmpty(),
              window.isEmpty()
                  ? 0
                  : divided(count.movePointRight(6), BigDecimal.valueOf(window.lengthMicros())));
      case HISTOGRAM -> checkHistogram(context, metric.bounds(), value, values);
      case STATUS_SHARE ->
          checkReal(
              context,
              value,
              events.isEmpty(),
              (double) events.stream().filter(e -> metric.statuses().contains(e.status())).count()
                  / Math.max(1, events.size()));
    }
  }

  private static void checkReal(String context, Value value, boolean absent, double expected) {
    assertThat(value).as(context).isEqualTo(absent ? Value.ABSENT : new Value.Real(expected));
  }

  private static void checkDeviation(String context, Value value, List<Double> values) {
    if (values.isEmpty()) {
      assertThat(value).as(context).isEqualTo(Value.ABSENT);
      return;
    }
    // From the distances of all values, and not from their squares; the mean is exact but for the
    // last of 900 digits.
    MathContext digits = new MathContext(900);
    BigDecimal count = BigDecimal.valueOf(values.size());
    List<BigDecimal> exact = values.stream().map(BigDecimal::new).toList();
    BigDecimal mean = exact.stream().reduce(BigDecimal.ZERO, BigDecimal::add).divide(count, digits);
    double expected =
        exact.stream()
            .map(v -> v.subtract(mean).pow(2))
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .divide(count, new MathContext(50))
            .sqrt(new MathContext(40))
            .doubleValue();
    double got = ((Value.Real) value).number();
    assertThat(Math.abs(got - expected))
        .as(context + ": " + got + " for " + expected)
        .isLessThanOrEqualTo(Math.ulp(expected));
  }

  private static void checkPercentile(
      String context, Metric metric, Value value, List<Double> values) {
    if (values.isEmpty()) {
      assertThat(value).as(context).isEqualTo(Value.ABSENT);
      return;
    }
    int rank =
        metric
            .percent()
            .multiply(BigDecimal.valueOf(values.size()))
            .movePointLeft(2)
            .setScale(0, RoundingMode.CEILING)
            .intValueExact();
    double exact = first(values, Math.max(1, rank) - 1);
    double got = ((Value.Real) value).number();
    double error = Math.abs(exact) * QuantileSketch.RELATIVE_ERROR * (1 + 1e-9);
    assertThat(Math.abs(got - exact))
        .as(context + ": " + got + " for " + exact)
        .isLessThanOrEqualTo(error);
  }

  private static void checkHistogram(
      String context, List<Double> bounds, Value value, List<Double> values) {
    List<Long> counts = ((Value.Counts) value).counts();
    assertThat(counts).as(context).hasSize(bounds.size() + 1);
    long below = 0;
    for (int i = 0; i < bounds.size(); i++) {
      below += counts.get(i);
      double bound = bounds.get(i);
      double surelyBelow = bound - Math.abs(bound) * QuantileSketch.BOUND_ERROR;
      assertThat(below)
          .as(context + " below " + bound)
          .isBetween(
              values.stream().filter(v -> v < surelyBelow).count(),
              values.stream().filter(v -> v < bound).count());
    }
    assertThat(below + counts.get(bounds.size())).as(context).isEqualTo(values.size());
  }

  private static double first(List<Double> values, int index) {
    return values.isEmpty() ? 0 : values.get(index);
  }

  private static double divided(BigDecimal dividend, BigDecimal divisor) {
    return dividend.divide(divisor, new MathContext(900, RoundingMode.DOWN)).doubleValue();
  }
}
