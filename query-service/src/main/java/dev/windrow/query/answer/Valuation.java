package dev.windrow.query.answer;

import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.TimeRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the metrics of a question are worth in a cell. */
final class Valuation {
  private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);

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
