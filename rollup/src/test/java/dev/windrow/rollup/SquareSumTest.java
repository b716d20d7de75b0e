package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SquareSumTest {
  private static final int SEEDS = 300;
  private static final Aggregate NOT_KNOWN =
      Aggregate.of(1, 1, BigDecimal.TEN, 10.0, 10.0, BigInteger.ZERO, null, null);

  /** Stored bytes must stay readable: the literals here never change. */
  @ParameterizedTest
  @CsvSource({
    "0, 1000",
    "-0.0, 1000",
    "1, 1110 01",
    "-16, 1111 01",
    "1.5, 110f 0240",
    "-0.1, 1102 028f5c28f5c28f70a3d70a3d70a4",
    "67108865, 1110 10000008000001",
    "4.9E-324, 1003 10",
    "1.7976931348623157E308, 1202 fffffffffffff000000000000040"
  })
  void toBytes_squareOfOne_isThis(double value, String hex) {
    byte[] golden = HexFormat.of().parseHex(hex.replace(" ", ""));
    SquareSum sum = sumOf(value);
    assertThat(sum.toBytes()).isEqualTo(golden);
    assertThat(SquareSum.fromBytes(golden)).isEqualTo(sum).hasSameHashCodeAs(sum);
    assertThat(sum.toBigDecimal()).isEqualByComparingTo(new BigDecimal(value).pow(2));
  }

  @Test
  void add_adversarialDoubles_equalsBruteForce() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = Doubles.adversarial(random, random.nextInt(1, 100));
      BigDecimal expected = BigDecimal.ZERO;
      for (double value : values) {
        expected = expected.add(new BigDecimal(value).pow(2));
      }
      SquareSum sum = sumOf(values);
      assertThat(sum.toBigDecimal()).as("seed %d", seed).isEqualByComparingTo(expected);
      assertThat(SquareSum.fromBytes(sum.toBytes())).as("seed %d", seed).isEqualTo(sum);
    }
  }

  @Test
  void merge_splitAnywhereInAnyOrder_isTheSameSum() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = Doubles.adversarial(random, random.nextInt(1, 100));
      int split = random.nextInt(values.length + 1);
      SquareAccumulator left = accumulated(Arrays.copyOfRange(values, 0, split));
      SquareAccumulator right = accumulated(Arrays.copyOfRange(values, split, values.length));
      SquareAccumulator merged = new SquareAccumulator();
      merged.merge(right);
      merged.merge(left);
      left.merge(right.toSum());
      SquareSum whole = sumOf(values);
      assertThat(merged.toSum()).as("seed %d", seed).isEqualTo(whole);
      assertThat(left.toSum()).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void add_afterSumWasAskedFor_goesOn() {
    SquareAccumulator sum = accumulated(3, 0.5);
    assertThat(sum.toSum().toBigDecimal()).isEqualByComparingTo("9.25");
    sum.add(4);
    sum.add(0.25);
    assertThat(sum.toSum().toBigDecimal()).isEqualByComparingTo("25.3125");
  }

  @Test
  void add_everyBitOfTheRange_isKept() {
    SquareAccumulator sum = new SquareAccumulator();
    BigDecimal expected = BigDecimal.ZERO;
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      double value = Math.scalb(1.0, exponent);
      sum.add(value);
      expected = expected.add(new BigDecimal(value).pow(2));
    }
    assertThat(sum.toSum().toBigDecimal()).isEqualByComparingTo(expected);
  }

  @Test
  void add_wholeNumbersBeyondLong_isExact() {
    SquareAccumulator sum = new SquareAccumulator();
    SquareSum great = sumOf(0x1p26);
    for (int i = 0; i < 5_000; i++) {
      sum.add(0x1p26);
      sum.merge(great);
    }
    assertThat(sum.toSum().toBigDecimal())
        .isEqualByComparingTo(
            new BigDecimal(BigInteger.TWO.pow(52)).multiply(new BigDecimal(10_000)));
  }

  /** Doubled often enough that limbs would overflow if they were never carried. */
  @Test
  void merge_withItselfManyTimes_carries() {
    double value = 0.1;
    SquareAccumulator sum = accumulated(value);
    for (int i = 0; i < 62; i++) {
      SquareAccumulator twice = new SquareAccumulator();
      twice.merge(sum);
      twice.merge(sum);
      sum = twice;
    }
    assertThat(sum.toSum().toBigDecimal())
        .isEqualByComparingTo(
            new BigDecimal(value).pow(2).multiply(new BigDecimal(BigInteger.TWO.pow(62))));
  }

  @ParameterizedTest
  @CsvSource({
    "10, truncated",
    "2110 01, version",
    "1110, tell nothing",
    "1110 0001, tell nothing",
    "1110 0100, tell nothing",
    "1230 01, places"
  })
  void fromBytes_impossibleBytes_areRefused(String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> SquareSum.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("sum of squares: ")
        .hasMessageContaining(reason);
  }

  @Test
  void fromBytes_garbage_isRefusedOrCanonical() {
    Garbage.feed(
        SquareSum::fromBytes,
        SquareSum::toBytes,
        List.of(sumOf(0.1, 3).toBytes(), sumOf(7).toBytes(), sumOf(1e300, 1e-300).toBytes()));
  }

  @Test
  void merge_withWhatDoesNotKnow_doesNotKnow() {
    Aggregate known = Fact.aggregate(Fact.random(new SplittableRandom(1), 9));
    assertThat(known.knowsSquares()).isTrue();
    assertThat(NOT_KNOWN.knowsSquares()).isFalse();
    assertThat(known.merge(NOT_KNOWN).knowsSquares()).isFalse();
    assertThat(NOT_KNOWN.merge(known).merge(known).knowsSquares()).isFalse();
    assertThat(known.merge(NOT_KNOWN.merge(known)).knowsSquares()).isFalse();
    assertThat(known.merge(Aggregate.empty()).valueSquares()).isEqualTo(known.valueSquares());
  }

  @Test
  void merge_withWhatHasNoValues_stillKnows() {
    Aggregate without = Aggregate.of(2, 0, BigDecimal.ZERO, null, null, BigInteger.ONE, null, null);
    assertThat(without.knowsSquares()).isTrue();
    Aggregate known = Fact.aggregate(Fact.random(new SplittableRandom(1), 9));
    assertThat(without.merge(known).valueSquares()).isEqualTo(known.valueSquares());
  }

  private static SquareSum sumOf(double... values) {
    return accumulated(values).toSum();
  }

  private static SquareAccumulator accumulated(double... values) {
    SquareAccumulator sum = new SquareAccumulator();
    for (double value : values) {
      sum.add(value);
    }
    return sum;
  }
}
