package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AggregateTest {
  @Test
  void add_facts_equalsBruteForce() {
    for (int seed = 0; seed < 50; seed++) {
      List<Fact> facts = Fact.random(new SplittableRandom(seed), 200);
      List<Double> values = facts.stream().filter(Fact::hasValue).map(Fact::value).toList();
      Aggregate aggregate = Fact.aggregate(facts);
      assertThat(aggregate.count()).as("seed %d", seed).isEqualTo(200);
      assertThat(aggregate.valueCount()).as("seed %d", seed).isEqualTo(values.size());
      assertThat(aggregate.valueSum())
          .as("seed %d", seed)
          .isEqualByComparingTo(
              values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add));
      assertThat(Objects.requireNonNull(aggregate.valueSquares()).toBigDecimal())
          .as("seed %d", seed)
          .isEqualByComparingTo(
              values.stream()
                  .map(v -> new BigDecimal(v).pow(2))
                  .reduce(BigDecimal.ZERO, BigDecimal::add));
      assertThat(aggregate.valueMin())
          .as("seed %d", seed)
          .isEqualTo(values.stream().mapToDouble(v -> v).min().getAsDouble());
      assertThat(aggregate.valueMax())
          .as("seed %d", seed)
          .isEqualTo(values.stream().mapToDouble(v -> v).max().getAsDouble());
      assertThat(aggregate.amountSum())
          .as("seed %d", seed)
          .isEqualTo(
              facts.stream()
                  .map(f -> BigInteger.valueOf(f.amount()))
                  .reduce(BigInteger.ZERO, BigInteger::add));
      assertThat(aggregate.values().count()).as("seed %d", seed).isEqualTo(values.size());
      assertThat(aggregate.entities().estimate())
          .as("seed %d", seed)
          .isEqualTo(facts.stream().map(Fact::entityId).distinct().count());
    }
  }

  @Test
  void merge_splitAnywhere_equalsTheWhole() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Fact> facts = Fact.random(random, random.nextInt(2000));
      int split = random.nextInt(facts.size() + 1);
      Aggregate left = Fact.aggregate(facts.subList(0, split));
      Aggregate right = Fact.aggregate(facts.subList(split, facts.size()));
      Aggregate whole = Fact.aggregate(facts);
      assertThat(left.merge(right)).as("seed %d", seed).isEqualTo(whole);
      assertThat(right.merge(left)).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void merge_threeParts_isAssociativeWithIdentity() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Aggregate a = Fact.aggregate(Fact.random(random, random.nextInt(20)));
      Aggregate b = Fact.aggregate(Fact.random(random, random.nextInt(900)));
      Aggregate c = Fact.aggregate(Fact.random(random, random.nextInt(900)));
      assertThat(a.merge(b).merge(c)).as("seed %d", seed).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(Aggregate.empty()))
          .as("seed %d", seed)
          .isEqualTo(Aggregate.empty().merge(a))
          .isEqualTo(a);
    }
  }

  @Test
  void of_ownColumns_isTheSameAggregate() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Aggregate a = Fact.aggregate(Fact.random(random, random.nextInt(5)));
      boolean bounded = a.valueCount() > 0;
      // PostgreSQL may return a numeric with more fractional digits than it needs.
      BigDecimal padded = a.valueSum().setScale(a.valueSum().scale() + 3);
      assertThat(
              Aggregate.of(
                  a.count(),
                  a.valueCount(),
                  padded,
                  bounded ? a.valueMin() : null,
                  bounded ? a.valueMax() : null,
                  a.amountSum(),
                  a.values().toBytes(),
                  a.entities().toBytes(),
                  null,
                  a.valueSquares() == null ? null : a.valueSquares().toBytes()))
          .as("seed %d", seed)
          .isEqualTo(a);
    }
  }

  @Test
  void of_sketchesNotRead_areEmpty() {
    Aggregate aggregate =
        Aggregate.of(2, 1, BigDecimal.TEN, 10.0, 10.0, BigInteger.ONE, null, null);
    assertThat(aggregate.values().isEmpty()).isTrue();
    assertThat(aggregate.entities().isEmpty()).isTrue();
    assertThat(aggregate.merge(aggregate).count()).isEqualTo(4);
  }

  @Test
  void of_contradictions_areRefused() {
    assertThatThrownBy(
            () -> Aggregate.of(-1, 0, BigDecimal.ZERO, null, null, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(1, 2, BigDecimal.ZERO, 1.0, 1.0, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(1, 1, BigDecimal.ZERO, null, null, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(1, 1, BigDecimal.ZERO, 2.0, 1.0, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(1, 1, BigDecimal.ZERO, Double.NaN, 1.0, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(1, 0, BigDecimal.ONE, null, null, BigInteger.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Aggregate.of(0, 0, BigDecimal.ZERO, null, null, BigInteger.ONE, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void add_zerosOfBothSigns_areOneValue() {
    AggregateAccumulator negative = new AggregateAccumulator();
    negative.add(true, -0.0, 0, 1);
    AggregateAccumulator positive = new AggregateAccumulator();
    positive.add(true, 0.0, 0, 1);
    assertThat(negative.toAggregate()).isEqualTo(positive.toAggregate());
  }

  @Test
  void add_notFinite_isRefusedAndChangesNothing() {
    AggregateAccumulator sum = new AggregateAccumulator();
    assertThatThrownBy(() -> sum.add(true, Double.NaN, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sum.toAggregate()).isEqualTo(Aggregate.empty());
  }

  @Test
  void addUnsketched_differsInSketchesAndSquaresAlone() {
    AggregateAccumulator sketched = new AggregateAccumulator();
    AggregateAccumulator unsketched = new AggregateAccumulator();
    for (int i = 0; i < 5; i++) {
      sketched.add(i % 2 == 0, i - 0.1, i, i);
      unsketched.addUnsketched(i % 2 == 0, i - 0.1, i);
    }
    Aggregate all = sketched.toAggregate();
    assertThat(unsketched.toAggregate())
        .isEqualTo(
            new Aggregate(
                all.count(),
                all.valueCount(),
                all.valueSum(),
                all.valueMin(),
                all.valueMax(),
                all.amountSum(),
                QuantileSketch.empty(),
                EntitySketch.empty(),
                null,
                null));
    for (int i = 0; i < 5; i += 2) {
      unsketched.addSquare(i - 0.1);
    }
    assertThat(unsketched.toAggregate().valueSquares()).isEqualTo(all.valueSquares());
    assertThatThrownBy(() -> unsketched.addUnsketched(true, Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(unsketched.toAggregate().count()).isEqualTo(5);
  }

  @Test
  void add_amountsBeyondLong_areExact() {
    AggregateAccumulator sum = new AggregateAccumulator();
    for (int i = 0; i < 3; i++) {
      sum.add(false, 0, Long.MAX_VALUE, 1);
    }
    Aggregate three = sum.toAggregate();
    BigInteger expected = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3));
    assertThat(three.amountSum()).isEqualTo(expected);
    assertThat(three.merge(three).amountSum()).isEqualTo(expected.add(expected));
  }
}
