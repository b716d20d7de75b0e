package dev.windrow.query.grpc;

import dev.windrow.query.answer.Value;
import dev.windrow.query.question.Metric;
import dev.windrow.query.v1.Histogram;
import dev.windrow.query.v1.MetricValue;
import java.math.BigInteger;
import java.util.List;

/** Computed values as the contract has them. */
public final class MetricValues {
  private MetricValues() {}

  /** The value of a metric under its name. */
  public static MetricValue of(Metric metric, Value computed) {
    return of(metric.name(), metric.version(), metric.bounds(), computed);
  }

  /**
   * The value under its name.
   *
   * @param version of its definition; 0 if it has none
   * @param bounds of a histogram; otherwise empty
   */
  static MetricValue of(String name, int version, List<Double> bounds, Value computed) {
    var value = MetricValue.newBuilder().setName(name).setVersion(version);
    if (computed instanceof Value.Real real) {
      value.setReal(real.number());
    } else if (computed instanceof Value.Whole whole) {
      BigInteger number = whole.number();
      if (number.bitLength() < Long.SIZE) {
        value.setInteger(number.longValue());
      } else {
        value.setBigInteger(number.toString());
      }
    } else if (computed instanceof Value.Counts counts) {
      value.setHistogram(Histogram.newBuilder().addAllBounds(bounds).addAllCounts(counts.counts()));
    }
    return value.build();
  }
}
