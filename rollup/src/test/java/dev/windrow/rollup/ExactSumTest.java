package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
  private static final int SEEDS = 300;

  @Test
  void add_adversarialDoubles_equalsBruteForce() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = Doubles.adversarial(random, random.nextInt(1, 100));
      BigDecimal expected = BigDecimal.ZERO;
      for (double value : values) {
        expected = expected.add(new BigDecimal(value));
      }
      assertThat(sumOf(values, 0, values.length).toBigDecimal())
          .as("seed %d", seed)
          .isEqualByComparingTo(expected);
    }
  }

  @Test
  void merge_splitAnywhereInAnyOrder_isTheSameObject() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = Doubles.adversarial(random, random.nextInt(1, 100));
      int split = random.nextInt(values.length + 1);
      ExactSum left = sumOf(values, 0, split);
      ExactSum right = sumOf(values, split, values.length);
      ExactSum merged = new ExactSum();
      merged.merge(right);
      merged.merge(left);
      left.add(right.toBigDecimal());
      BigDecimal whole = sumOf(values, 0, values.length).toBigDecimal();
      assertThat(merged.toBigDecimal()).as("seed %d", seed).isEqualTo(whole);
      assertThat(left.toBigDecimal()).as("seed %d", seed).isEqualTo(whole);
      assertThat(whole.scale()).as("seed %d", seed).isNotNegative();
    }
  }

  @Test
  void add_everyBitOfTheRange_isKept() {
    ExactSum sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      sum.add(Math.scalb(1.0, exponent));
      sum.add(Math.scalb(-1.0, 1023 - (exponent + 1074)));
      expected =
          expected
              .add(new BigDecimal(Math.scalb(1.0, exponent)))
              .subtract(new BigDecimal(Math.scalb(1.0, -51 - exponent)));
    }
    assertThat(sum.toBigDecimal()).isEqualByComparingTo(expected).isEqualTo(BigDecimal.ZERO);
  }

  @Test
  void add_manyLikeFractions_isExact() {
    ExactSum sum = new ExactSum();
    double value = -0.1;
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(value);
    }
    assertThat(sum.toBigDecimal())
        .isEqualByComparingTo(new BigDecimal(value).multiply(new BigDecimal(1_000_000)));
  }

  @Test
  void add_integersBeyondLong_isExact() {
    ExactSum sum = new ExactSum();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 3000; i++) {
      sum.add(0x1p53);
      expected = expected.add(new BigDecimal(1L << 53));
    }
    assertThat(sum.toBigDecimal()).isEqualTo(expected);
  }

  @Test
  void toBigDecimal_equalNumbers_areEqualObjects() {
    ExactSum thousand = new ExactSum();
    thousand.add(new BigDecimal("1E+3"));
    assertThat(thousand.toBigDecimal()).isEqualTo(new BigDecimal("1000"));
    ExactSum half = new ExactSum();
    half.add(new BigDecimal("0.5000"));
    assertThat(half.toBigDecimal()).isEqualTo(new BigDecimal("0.5"));
    ExactSum zero = new ExactSum();
    zero.add(new BigDecimal("0.000"));
    zero.add(-0.0);
    assertThat(zero.toBigDecimal()).isEqualTo(BigDecimal.ZERO);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void add_notFinite_isRefusedAndChangesNothing(double value) {
    ExactSum sum = new ExactSum();
    sum.add(1.5);
    assertThatThrownBy(() -> sum.add(value)).isInstanceOf(IllegalArgumentException.class);
    assertThat(sum.toBigDecimal()).isEqualTo(new BigDecimal("1.5"));
  }

  private static ExactSum sumOf(double[] values, int from, int to) {
    ExactSum sum = new ExactSum();
    for (int i = from; i < to; i++) {
      sum.add(values[i]);
    }
    return sum;
  }
}
