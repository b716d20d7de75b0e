package dev.windrow.query.answer;

import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.TimeRange;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the metrics of a question are worth in a cell. */
final class Valuation {
  private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);

  // A double has 17; the root of a number has half of its relative error.
  private static final MathContext DIGITS = new MathContext(22);
  private static final MathContext ROOT_DIGITS = new MathContext(21);

  private Valuation() {}

  static AnswerRow row(Question question, Cell cell) {
    TimeRange window = question.intervals().range(cell.interval());
    List<Value> values = new ArrayList<>(question.metrics().size());
    int share = 0;
    for (Metric metric : question.metrics()) {
      values.add(
          switch (metric.measure()) {
            case COUNT -> Value.of(cell.aggregate().count());
            case SUM -> sum(cell.aggregate());
            case AVG -> average(cell.aggregate());
            case MIN -> bound(cell.aggregate(), cell.aggregate().valueMin());
            case MAX -> bound(cell.aggregate(), cell.aggregate().valueMax());
            case STDDEV -> deviation(cell.aggregate());
            case PERCENTILE -> percentile(cell.aggregate(), metric.fraction());
            case DISTINCT_ENTITIES -> Value.of(cell.aggregate().entities().estimate());
            case AMOUNT_SUM -> new Value.Whole(cell.aggregate().amountSum());
            case RATE -> rate(cell.aggregate(), window);
            case HISTOGRAM ->
                new Value.Counts(cell.aggregate().values().histogram(metric.bounds()));
            case STATUS_SHARE -> share(cell.aggregate(), cell.shareCounts().get(share++));
          });
    }
    boolean distinctExact = cell.aggregate().entities().exact();
    return new AnswerRow(window, cell.group(), values, distinctExact, Optional.empty());
  }

  private static Value sum(Aggregate aggregate) {
    return aggregate.valueCount() == 0
        ? Value.ABSENT
        : new Value.Real(aggregate.valueSum().doubleValue());
  }

  private static Value average(Aggregate aggregate) {
    return aggregate.valueCount() == 0
        ? Value.ABSENT
        : new Value.Real(
            ExactRatio.of(aggregate.valueSum(), BigDecimal.valueOf(aggregate.valueCount())));
  }

  private static Value bound(Aggregate aggregate, double bound) {
    return aggregate.valueCount() == 0 ? Value.ABSENT : new Value.Real(bound);
  }

  private static Value deviation(Aggregate aggregate) {
    if (aggregate.valueCount() == 0) {
      return Value.ABSENT;
    }
    // Nothing is lost by the difference: n^2 times the variance, exactly.
    BigDecimal count = BigDecimal.valueOf(aggregate.valueCount());
    BigDecimal squares = Objects.requireNonNull(aggregate.valueSquares()).toBigDecimal();
    BigDecimal difference = count.multiply(squares).subtract(aggregate.valueSum().pow(2));
    return new Value.Real(difference.divide(count.pow(2), DIGITS).sqrt(ROOT_DIGITS).doubleValue());
  }

  private static Value percentile(Aggregate aggregate, double fraction) {
    OptionalDouble found =
        aggregate.values().quantile(fraction, aggregate.valueMin(), aggregate.valueMax());
    return found.isPresent() ? new Value.Real(found.getAsDouble()) : Value.ABSENT;
  }

  private static Value rate(Aggregate aggregate, TimeRange window) {
    if (window.isEmpty()) {
      return Value.ABSENT;
    }
    BigDecimal events = BigDecimal.valueOf(aggregate.count()).multiply(MICROS_PER_SECOND);
    return new Value.Real(ExactRatio.of(events, BigDecimal.valueOf(window.lengthMicros())));
  }

  private static Value share(Aggregate aggregate, long withStatus) {
    return aggregate.count() == 0
        ? Value.ABSENT
        : new Value.Real(
            ExactRatio.of(BigDecimal.valueOf(withStatus), BigDecimal.valueOf(aggregate.count())));
  }
}
