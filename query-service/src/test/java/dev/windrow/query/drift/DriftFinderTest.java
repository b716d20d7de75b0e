package dev.windrow.query.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.answer.Value;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DriftFinderTest {
  private static final long BEYOND_DOUBLES = (1L << 53) + 1;

  @Test
  void nothing_onBothSides_isEqual() {
    Drift drift = compare(counts(Tolerance.NONE), Map.of(), Map.of());
    assertThat(drift.compared()).isZero();
    assertThat(drift.rows()).isEmpty();
    assertThat(drift.exceeds(BigDecimal.ZERO)).isFalse();
    assertThat(drift.metrics())
        .containsExactly(new MetricDrift(0, Value.ABSENT, 0, Value.ABSENT, Value.ABSENT));
  }

  @Test
  void theSameRows_areEqual_whateverTheirOrder() {
    Map<RowKey, List<Value>> rows = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      rows.put(key(i % 10, "g" + i / 10), List.of(Value.of(i), real(i / 7.0)));
    }
    List<ComparedMetric> metrics =
        List.of(metric(Measure.COUNT, Tolerance.NONE), metric(Measure.SUM, Tolerance.NONE));
    List<Map.Entry<RowKey, List<Value>>> shuffled = new ArrayList<>(rows.entrySet());
    Collections.shuffle(shuffled, new Random(3));
    DriftFinder finder = new DriftFinder(metrics, rows);
    shuffled.forEach(row -> finder.add(row.getKey(), row.getValue()));
    Drift drift = finder.end();
    assertThat(drift.equal()).isEqualTo(100);
    assertThat(drift.rows()).isEmpty();
    assertThat(drift.metrics().get(0))
        .isEqualTo(new MetricDrift(0, Value.of(0), 0, Value.of(4950), Value.of(4950)));
    assertThat(drift.metrics().get(1).ourTotal()).isEqualTo(drift.metrics().get(1).theirTotal());
  }

  @Test
  void rowsThatDiffer_areInOrderOfTimeAndGroup() {
    Map<RowKey, List<Value>> ours =
        Map.of(key(2, "a"), count(1), key(1, "b"), count(1), key(1, "a"), count(1));
    Map<RowKey, List<Value>> theirs = Map.of(key(0, "z"), count(1), key(1, "b"), count(2));
    assertThat(compare(counts(Tolerance.NONE), ours, theirs).rows())
        .extracting(RowDrift::key)
        .containsExactly(key(0, "z"), key(1, "a"), key(1, "b"), key(2, "a"));
  }

  @Test
  void aRow_thatOneSideDoesNotHave_isMissingThere() {
    Drift drift =
        compare(
            counts(Tolerance.NONE),
            Map.of(key(0, "ours"), count(3), key(0, "both"), count(1)),
            Map.of(key(0, "theirs"), count(4), key(0, "both"), count(1)));
    assertThat(drift.equal()).isEqualTo(1);
    assertThat(drift.missingHere()).isEqualTo(1);
    assertThat(drift.missingThere()).isEqualTo(1);
    assertThat(drift.differing()).isZero();
    assertThat(drift.compared()).isEqualTo(3);
    assertThat(drift.rows())
        .containsExactly(
            new RowDrift(key(0, "ours"), count(3), List.of(), List.of()),
            new RowDrift(key(0, "theirs"), List.of(), count(4), List.of()));
    // What one side does not have is no distance of two numbers, but counts in the totals.
    assertThat(drift.metrics())
        .containsExactly(new MetricDrift(0, Value.of(0), 0, Value.of(4), Value.of(5)));
  }

  @Test
  void aRow_thatSaysNothing_isEqualToNone_onEitherSide() {
    List<ComparedMetric> metrics =
        List.of(metric(Measure.COUNT, Tolerance.NONE), metric(Measure.SUM, Tolerance.NONE));
    List<Value> filled = List.of(Value.of(0), real(-0.0));
    List<Value> empty = List.of(Value.of(0), Value.ABSENT);
    List<Value> odd = List.of(Value.of(0), real(Double.NaN));
    Drift here = compare(metrics, Map.of(), Map.of(key(0, "a"), filled, key(0, "b"), empty));
    Drift there = compare(metrics, Map.of(key(0, "a"), filled, key(0, "b"), empty), Map.of());
    assertThat(here.equal()).isEqualTo(2);
    assertThat(there.equal()).isEqualTo(2);
    assertThat(compare(metrics, Map.of(), Map.of(key(0, "a"), odd)).missingHere()).isEqualTo(1);
  }

  @Test
  void integers_areComparedAsIntegers_howeverLarge() {
    assertThat(difference(Measure.COUNT, Tolerance.NONE, count(BEYOND_DOUBLES), count(1L << 53)))
        .isEqualTo(Value.of(1));
    BigInteger huge = BigInteger.ONE.shiftLeft(100);
    List<Value> ours = List.of(new Value.Whole(huge.add(BigInteger.TWO)));
    List<Value> theirs = List.of(new Value.Whole(huge.add(BigInteger.TEN)));
    assertThat(difference(Measure.AMOUNT_SUM, Tolerance.NONE, ours, theirs))
        .isEqualTo(Value.of(-8));
    assertEqual(Measure.AMOUNT_SUM, tolerance("8", "0"), ours, theirs);
    assertThat(difference(Measure.AMOUNT_SUM, tolerance("7", "0"), ours, theirs))
        .isEqualTo(Value.of(-8));
  }

  @Test
  void totals_areExact() {
    Map<RowKey, List<Value>> ours =
        Map.of(key(0, "a"), count(Long.MAX_VALUE), key(0, "b"), count(Long.MAX_VALUE));
    BigInteger total = BigInteger.valueOf(Long.MAX_VALUE).shiftLeft(1);
    assertThat(compare(counts(Tolerance.NONE), ours, ours).metrics().get(0).ourTotal())
        .isEqualTo(new Value.Whole(total));
    Map<RowKey, List<Value>> reals =
        Map.of(
            key(0, "a"),
            List.of(real(1e16)),
            key(0, "b"),
            List.of(real(1)),
            key(0, "c"),
            List.of(real(-1e16)),
            key(0, "d"),
            List.of(Value.ABSENT));
    List<ComparedMetric> sum = List.of(metric(Measure.SUM, Tolerance.NONE));
    assertThat(compare(sum, reals, reals).metrics().get(0).ourTotal()).isEqualTo(real(1));
    Map<RowKey, List<Value>> infinite =
        Map.of(key(0, "a"), List.of(real(Double.POSITIVE_INFINITY)), key(0, "b"), List.of(real(1)));
    assertThat(compare(sum, Map.of(), infinite).metrics().get(0).theirTotal())
        .isEqualTo(real(Double.POSITIVE_INFINITY));
  }

  @Test
  void metrics_thatDoNotAddUp_haveNoTotals() {
    Map<RowKey, List<Value>> rows = Map.of(key(0, "a"), List.of(real(1)));
    List<ComparedMetric> average = List.of(metric(Measure.AVG, Tolerance.NONE));
    MetricDrift drift = compare(average, rows, rows).metrics().get(0);
    assertThat(drift.ourTotal()).isEqualTo(Value.ABSENT);
    assertThat(drift.theirTotal()).isEqualTo(Value.ABSENT);
  }

  @Test
  void atTheToleranceItself_numbersAreEqual_asTheyAreWritten() {
    assertEqual(Measure.SUM, tolerance("0.1", "0"), reals(1.1), reals(1.0));
    assertEqual(Measure.SUM, tolerance("0.1", "0"), reals(1.0), reals(1.1));
    assertDiffers(Measure.SUM, tolerance("0.0999", "0"), reals(1.1), reals(1.0));
    assertEqual(Measure.COUNT, tolerance("2", "0"), count(5), count(7));
    assertDiffers(Measure.COUNT, tolerance("1.9", "0"), count(5), count(7));
  }

  @Test
  void relativeTolerance_isOfTheGreaterNumber_signsAside() {
    assertEqual(Measure.COUNT, tolerance("0", "0.01"), count(99), count(100));
    assertEqual(Measure.COUNT, tolerance("0", "0.01"), count(100), count(99));
    assertDiffers(Measure.COUNT, tolerance("0", "0.01"), count(100), count(98));
    assertEqual(Measure.SUM, tolerance("0", "0.01"), reals(-99), reals(-100));
    assertDiffers(Measure.SUM, tolerance("0", "1"), reals(-1), reals(1));
    assertDiffers(Measure.COUNT, tolerance("0", "0.5"), count(0), count(1));
  }

  @Test
  void theGreaterTolerance_counts() {
    assertEqual(Measure.COUNT, tolerance("1", "0.01"), count(1), count(2));
    assertEqual(Measure.COUNT, tolerance("1", "0.01"), count(1_000), count(1_010));
    assertDiffers(Measure.COUNT, tolerance("1", "0.01"), count(1_000), count(1_011));
  }

  @Test
  void zeros_ofBothSigns_areEqual() {
    assertEqual(Measure.SUM, Tolerance.NONE, reals(0.0), reals(-0.0));
  }

  @Test
  void whatIsNoFiniteNumber_equalsOnlyItself_whateverTheTolerance() {
    Tolerance wide = tolerance("1e300", "2");
    List<Value> odd =
        List.of(
            Value.ABSENT,
            real(Double.NaN),
            real(Double.POSITIVE_INFINITY),
            real(Double.NEGATIVE_INFINITY));
    for (Value one : odd) {
      for (Value other : odd) {
        if (one.equals(other)) {
          assertEqual(Measure.SUM, Tolerance.NONE, List.of(one), List.of(other));
        } else {
          assertThat(difference(Measure.SUM, wide, List.of(one), List.of(other)))
              .isEqualTo(Value.ABSENT);
        }
      }
      assertThat(difference(Measure.SUM, wide, List.of(one), reals(0))).isEqualTo(Value.ABSENT);
      assertThat(difference(Measure.SUM, wide, reals(0), List.of(one))).isEqualTo(Value.ABSENT);
    }
  }

  @Test
  void ofARow_onlyMetricsThatDiffer_haveADifference() {
    List<ComparedMetric> metrics =
        List.of(
            metric(Measure.COUNT, Tolerance.NONE),
            metric(Measure.SUM, tolerance("1", "0")),
            metric(Measure.AVG, Tolerance.NONE));
    List<Value> ours = List.of(Value.of(5), real(10.5), real(2));
    List<Value> theirs = List.of(Value.of(7), real(10), Value.ABSENT);
    Drift drift = compare(metrics, Map.of(key(0, "a"), ours), Map.of(key(0, "a"), theirs));
    assertThat(drift.differing()).isEqualTo(1);
    assertThat(drift.rows())
        .containsExactly(
            new RowDrift(
                key(0, "a"),
                ours,
                theirs,
                List.of(
                    new RowDrift.Difference(0, Value.of(-2)),
                    new RowDrift.Difference(2, Value.ABSENT))));
    assertThat(drift.metrics())
        .containsExactly(
            new MetricDrift(1, Value.of(2), 2 / 7.0, Value.of(5), Value.of(7)),
            // Within the tolerance, and yet the greatest.
            new MetricDrift(0, real(0.5), 0.5 / 10.5, real(10.5), real(10)),
            new MetricDrift(1, Value.ABSENT, 0, Value.ABSENT, Value.ABSENT));
  }

  @Test
  void greatestDifferences_areThoseOfAnyRow() {
    Map<RowKey, List<Value>> ours = Map.of(key(0, "a"), count(1_000), key(0, "b"), count(1));
    Map<RowKey, List<Value>> theirs = Map.of(key(0, "a"), count(1_010), key(0, "b"), count(2));
    assertThat(compare(counts(Tolerance.NONE), ours, theirs).metrics())
        .containsExactly(new MetricDrift(2, Value.of(10), 0.5, Value.of(1_001), Value.of(1_012)));
  }

  @Test
  void theShare_thatMayDiffer_isOfAllRowsCompared_andMayBeReached() {
    Map<RowKey, List<Value>> ours = new HashMap<>();
    Map<RowKey, List<Value>> theirs = new HashMap<>();
    for (int i = 0; i < 7; i++) {
      ours.put(key(i, "a"), count(1));
      theirs.put(key(i, "a"), count(1));
    }
    ours.put(key(7, "differs"), count(1));
    theirs.put(key(7, "differs"), count(2));
    ours.put(key(8, "missing there"), count(1));
    theirs.put(key(9, "missing here"), count(1));
    Drift drift = compare(counts(Tolerance.NONE), ours, theirs);
    assertThat(drift.compared()).isEqualTo(10);
    assertThat(drift.exceeds(new BigDecimal("0.3"))).isFalse();
    assertThat(drift.exceeds(new BigDecimal("0.29"))).isTrue();
    assertThat(drift.exceeds(BigDecimal.ZERO)).isTrue();
    assertThat(drift.exceeds(BigDecimal.ONE)).isFalse();
  }

  @Test
  void rows_ofAnotherShape_areRefused() {
    DriftFinder finder = new DriftFinder(counts(Tolerance.NONE), Map.of());
    assertThatThrownBy(() -> finder.add(key(0, "a"), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ComparedMetric(Metric.histogram(List.of(1.0)), Tolerance.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertEqual(
      Measure measure, Tolerance tolerance, List<Value> ours, List<Value> theirs) {
    assertThat(one(measure, tolerance, ours, theirs).rows()).isEmpty();
  }

  private static void assertDiffers(
      Measure measure, Tolerance tolerance, List<Value> ours, List<Value> theirs) {
    assertThat(one(measure, tolerance, ours, theirs).differing()).isEqualTo(1);
  }

  /** Of the only row and metric, which must differ. */
  private static Value difference(
      Measure measure, Tolerance tolerance, List<Value> ours, List<Value> theirs) {
    return one(measure, tolerance, ours, theirs).rows().get(0).differences().get(0).value();
  }

  private static Drift one(
      Measure measure, Tolerance tolerance, List<Value> ours, List<Value> theirs) {
    return compare(
        List.of(metric(measure, tolerance)),
        Map.of(key(0, "a"), ours),
        Map.of(key(0, "a"), theirs));
  }

  private static Drift compare(
      List<ComparedMetric> metrics,
      Map<RowKey, List<Value>> ours,
      Map<RowKey, List<Value>> theirs) {
    DriftFinder finder = new DriftFinder(metrics, theirs);
    ours.forEach(finder::add);
    return finder.end();
  }

  private static List<ComparedMetric> counts(Tolerance tolerance) {
    return List.of(metric(Measure.COUNT, tolerance));
  }

  private static ComparedMetric metric(Measure measure, Tolerance tolerance) {
    return new ComparedMetric(Metric.of(measure), tolerance);
  }

  private static Tolerance tolerance(String absolute, String relative) {
    return new Tolerance(new BigDecimal(absolute), new BigDecimal(relative));
  }

  private static RowKey key(int interval, String... group) {
    return new RowKey(new TimeRange(interval, interval + 1), RollupKey.of(group));
  }

  private static List<Value> count(long number) {
    return List.of(Value.of(number));
  }

  private static List<Value> reals(double... numbers) {
    return Arrays.stream(numbers).mapToObj(DriftFinderTest::real).toList();
  }

  private static Value real(double number) {
    return new Value.Real(number);
  }
}
