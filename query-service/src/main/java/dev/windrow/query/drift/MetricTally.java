package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers how a metric differs. One thread at a time. */
final class MetricTally {
  private final ComparedMetric metric;
  private final Total ours = new Total();
  private final Total theirs = new Total();
  private long differing;
  private @Nullable BigDecimal greatest;
  private double greatestRelative;

  MetricTally(ComparedMetric metric) {
    this.metric = metric;
  }

  void addOurs(Value value) {
    if (metric.addsUp()) {
      ours.add(value);
    }
  }

  void addTheirs(Value value) {
    if (metric.addsUp()) {
      theirs.add(value);
    }
  }

  /** Ours minus theirs, absent if that is no number; empty if they are equal. */
  Optional<Value> compare(Value our, Value their) {
    Optional<BigDecimal> one = Numbers.of(our);
    Optional<BigDecimal> other = Numbers.of(their);
    if (one.isEmpty() || other.isEmpty()) {
      // NaN equals itself here, as does each infinity.
      return our.equals(their) ? Optional.empty() : Optional.of(differing(Value.ABSENT));
    }
    BigDecimal difference = one.get().subtract(other.get());
    BigDecimal distance = difference.abs();
    BigDecimal greater = one.get().abs().max(other.get().abs());
    note(distance, greater);
    return metric.tolerance().allows(distance, greater)
        ? Optional.empty()
        : Optional.of(differing(Numbers.value(difference, metric.isWhole())));
  }

  private Value differing(Value difference) {
    differing++;
    return difference;
  }

  private void note(BigDecimal distance, BigDecimal greater) {
    greatest = greatest == null ? distance : greatest.max(distance);
    if (distance.signum() > 0) {
      // More digits than a double has, so that it is rounded once.
      double relative = distance.divide(greater, MathContext.DECIMAL128).doubleValue();
      greatestRelative = Math.max(greatestRelative, relative);
    }
  }

  MetricDrift end() {
    boolean whole = metric.isWhole();
    return new MetricDrift(
        differing,
        greatest == null ? Value.ABSENT : Numbers.value(greatest, whole),
        greatestRelative,
        ours.value(whole),
        theirs.value(whole));
  }
}
