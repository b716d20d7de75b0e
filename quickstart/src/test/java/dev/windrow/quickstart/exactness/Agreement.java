package dev.windrow.quickstart.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.answer.Value;
import dev.windrow.quickstart.exactness.BruteForce.Expected;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a row of an answer with that of brute force. */
final class Agreement {
  private static final double PERCENTILE_ERROR = 0.01;

  private Agreement() {}

  /** Asserts that a row is what it must be; percentiles and deviations within their error. */
  static void check(String what, Expected expected, List<Value> values) {
    assertThat(values.get(0)).as(what).isEqualTo(Value.of(expected.count()));
    assertThat(real(values.get(1))).as("sum, %s", what).isEqualTo(expected.sum());
    assertThat(real(values.get(2))).as("min, %s", what).isEqualTo(expected.min());
    assertThat(real(values.get(3))).as("max, %s", what).isEqualTo(expected.max());
    assertThat(values.get(4))
        .as("amount, %s", what)
        .isEqualTo(new Value.Whole(expected.amountSum().toBigIntegerExact()));
    assertThat(values.get(5)).as(what).isEqualTo(Value.of(expected.distinctEntities()));
    checkPercentile("p50, " + what, expected.p50(), real(values.get(6)));
    checkPercentile("p99.9, " + what, expected.p999(), real(values.get(7)));
    checkDeviation("stddev, " + what, expected, real(values.get(8)));
  }

  private static void checkPercentile(
      String what, @Nullable Double expected, @Nullable Double ours) {
    if (expected == null || ours == null) {
      assertThat(ours).as(what).isEqualTo(expected);
    } else {
      assertThat(Math.abs(ours - expected))
          .as("%s: expected %s, got %s", what, expected, ours)
          .isLessThanOrEqualTo(PERCENTILE_ERROR * Math.abs(expected));
    }
  }

  private static void checkDeviation(String what, Expected expected, @Nullable Double ours) {
    BigDecimal spread = expected.spread();
    if (spread == null || ours == null) {
      assertThat(ours).as(what).isEqualTo(expected.sum());
    } else {
      double exact =
          spread
              .sqrt(MathContext.DECIMAL128)
              .divide(BigDecimal.valueOf(expected.valueCount()), MathContext.DECIMAL128)
              .doubleValue();
      assertThat(Math.abs(ours - exact))
          .as("%s: expected %s, got %s", what, exact, ours)
          .isLessThanOrEqualTo(Math.ulp(exact));
    }
  }

  private static @Nullable Double real(Value value) {
    // Zero has one sign in a sum: PostgreSQL may give either.
    return value instanceof Value.Real real ? (Double) (real.number() + 0.0) : null;
  }
}
