package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
  private static final double UNKNOWN_MIN = Double.NEGATIVE_INFINITY;
  private static final double UNKNOWN_MAX = Double.POSITIVE_INFINITY;

  private static final List<ToDoubleFunction<SplittableRandom>> DISTRIBUTIONS =
      List.of(
          SplittableRandom::nextDouble,
          random -> 3.5,
          random -> 0,
          random -> random.nextInt(-3, 4),
          random -> Math.exp(3 * Doubles.gaussian(random)),
          random -> -Math.exp(Doubles.gaussian(random)),
          random -> 1e6 * Doubles.gaussian(random),
          random -> 1 / (1 - random.nextDouble()),
          random -> random.nextInt(1, 1000) * Double.MIN_VALUE,
          random -> random.nextInt(2) == 0 ? 1e-300 : 1e300,
          random -> Double.MAX_VALUE * (random.nextDouble() - 0.5),
          Doubles::anyBits);

  @Test
  void quantile_manyDistributions_isWithinTheErrorOfTheOrderStatistic() {
    for (int d = 0; d < DISTRIBUTIONS.size(); d++) {
      for (int seed = 0; seed < 20; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = random.doubles(random.nextInt(1, 3000)).toArray();
        for (int i = 0; i < values.length; i++) {
          values[i] = DISTRIBUTIONS.get(d).applyAsDouble(random);
        }
        QuantileSketch sketch = sketchOf(values);
        Arrays.sort(values);
        for (double p :
            new double[] {
              0, 0.001, 0.07, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1, random.nextDouble()
            }) {
          double exact = values[rank(p, values.length) - 1];
          double answer = sketch.quantile(p, UNKNOWN_MIN, UNKNOWN_MAX).getAsDouble();
          assertThat(Math.abs(answer - exact))
              .as("distribution %d, seed %d, p %s: %s for %s", d, seed, p, answer, exact)
              .isLessThanOrEqualTo(
                  QuantileSketch.RELATIVE_ERROR * Math.abs(exact) + Double.MIN_VALUE / 2);
        }
      }
    }
  }

  @Test
  void quantile_knownBounds_clampsAndIsExactAtTheEnds() {
    QuantileSketch sketch = sketchOf(100.3, 100.3, 100.3, 250.7);
    assertThat(sketch.quantile(0, 100.3, 250.7)).hasValue(100.3);
    assertThat(sketch.quantile(0.5, 100.3, 250.7).getAsDouble()).isBetween(100.3, 250.7);
    assertThat(sketch.quantile(1, 100.3, 250.7)).hasValue(250.7);
    assertThat(sketchOf(7.7, 7.7, 7.7).quantile(0.5, 7.7, 7.7)).hasValue(7.7);
  }

  @Test
  void quantile_rank_isComputedInDecimal() {
    double[] values = new double[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.pow(2, i);
    }
    double seventh = sketchOf(values).quantile(0.07, 1, Math.pow(2, 99)).getAsDouble();
    assertThat(seventh).isBetween(64 * 0.99, 64 * 1.01);
  }

  @Test
  void quantile_noValues_isEmpty() {
    assertThat(QuantileSketch.empty().quantile(0.5, UNKNOWN_MAX, UNKNOWN_MIN)).isEmpty();
  }

  @Test
  void quantile_outsideZeroToOne_isRefused() {
    for (double p : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> sketchOf(1).quantile(p, 1, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void merge_splitAnywhere_hasTheBytesOfTheWhole() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] values = Doubles.adversarial(random, random.nextInt(300));
      int split = random.nextInt(values.length + 1);
      QuantileSketch left = sketchOf(Arrays.copyOf(values, split));
      QuantileSketch right = sketchOf(Arrays.copyOfRange(values, split, values.length));
      QuantileSketch whole = sketchOf(values);
      assertThat(left.merge(right)).as("seed %d", seed).isEqualTo(whole).hasSameHashCodeAs(whole);
      assertThat(right.merge(left).toBytes()).as("seed %d", seed).isEqualTo(whole.toBytes());
      assertThat(whole.count()).as("seed %d", seed).isEqualTo(values.length);
    }
  }

  @Test
  void merge_threeParts_isAssociativeWithIdentity() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      QuantileSketch a = sketchOf(Doubles.adversarial(random, random.nextInt(50)));
      QuantileSketch b = sketchOf(Doubles.adversarial(random, random.nextInt(50)));
      QuantileSketch c = sketchOf(Doubles.adversarial(random, random.nextInt(50)));
      assertThat(a.merge(b).merge(c)).as("seed %d", seed).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(QuantileSketch.empty()))
          .as("seed %d", seed)
          .isEqualTo(QuantileSketch.empty().merge(a))
          .isEqualTo(a);
    }
  }

  private static int rank(double p, int n) {
    return Math.max(
        1,
        BigDecimal.valueOf(p)
            .multiply(BigDecimal.valueOf(n))
            .setScale(0, RoundingMode.CEILING)
            .intValueExact());
  }

  static QuantileSketch sketchOf(double... values) {
    QuantileAccumulator accumulator = new QuantileAccumulator();
    for (double value : values) {
      accumulator.add(LogBins.of(value), 1);
    }
    return accumulator.toSketch();
  }

  @Test
  void histogram_countsWhatEqualsABoundAsAboveIt() {
    QuantileSketch sketch = sketchOf(-20, -10, 0, 5, 10, 10, 49, 50, 1e300);
    assertThat(sketch.histogram(List.of(-10.0, 0.0, 10.0, 50.0)))
        .containsExactly(1L, 1L, 2L, 3L, 2L);
    assertThat(QuantileSketch.empty().histogram(List.of(1.0))).containsExactly(0L, 0L);
  }

  @Test
  void histogram_atRandomBounds_isOffByNoMoreThanItSays() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      double[] values =
          random.doubles(200).map(v -> (v - 0.3) * Math.pow(10, random.nextInt(6))).toArray();
      double bound = values[random.nextInt(values.length)] * (0.97 + 0.06 * random.nextDouble());
      long below = sketchOf(values).histogram(List.of(bound)).get(0);
      double surely = bound - Math.abs(bound) * QuantileSketch.BOUND_ERROR;
      assertThat(below)
          .isBetween(
              DoubleStream.of(values).filter(v -> v < surely).count(),
              DoubleStream.of(values).filter(v -> v < bound).count());
    }
  }
}
