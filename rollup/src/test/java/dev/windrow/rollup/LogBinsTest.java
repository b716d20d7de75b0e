package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogBinsTest {
  @Test
  void representative_ofAnyValuesBin_isWithinTheError() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000_000; i++) {
      double value = Doubles.anyBits(random);
      assertWithinError(value, LogBins.representative(LogBins.of(value)));
    }
  }

  @Test
  void representative_aroundEveryBoundaryOfAnOctave_isWithinTheError() {
    for (int bin = LogBins.of(1.0); bin <= LogBins.of(2.0); bin++) {
      double boundary = firstOf(bin);
      assertThat(LogBins.of(boundary)).isEqualTo(bin);
      assertThat(LogBins.of(Math.nextDown(boundary))).isEqualTo(bin - 1);
      assertWithinError(boundary, LogBins.representative(bin));
      assertWithinError(Math.nextDown(boundary), LogBins.representative(bin - 1));
    }
  }

  @Test
  void of_growingValues_neverDescends() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 1_000_000; i++) {
      double value = Doubles.anyBits(random);
      assertThat(LogBins.of(value))
          .as("seed 2, %s", value)
          .isLessThanOrEqualTo(LogBins.of(value + Math.abs(value) * random.nextDouble() * 0.03));
    }
  }

  @Test
  void of_endsOfTheRange_areTheFirstAndLastIndex() {
    assertThat(LogBins.index(LogBins.of(Double.MIN_VALUE))).isEqualTo(LogBins.MIN_INDEX);
    assertThat(LogBins.index(LogBins.of(Double.MAX_VALUE))).isEqualTo(LogBins.MAX_INDEX);
    assertThat(LogBins.of(-0.0)).isZero();
    assertThat(LogBins.representative(LogBins.of(Double.MAX_VALUE))).isFinite();
    assertThat(LogBins.representative(LogBins.of(-Double.MIN_VALUE))).isEqualTo(-Double.MIN_VALUE);
  }

  @Test
  void of_fixedValues_neverChanges() {
    assertThat(LogBins.index(LogBins.of(1.0))).isZero();
    assertThat(LogBins.index(LogBins.of(1.5))).isEqualTo(20);
    assertThat(LogBins.index(LogBins.of(100.0))).isEqualTo(232);
    assertThat(LogBins.index(LogBins.of(0.01))).isEqualTo(-233);
    assertThat(LogBins.of(-100.0)).isEqualTo(-LogBins.of(100.0));
  }

  private static double firstOf(int bin) {
    double low = 0.9;
    double high = 2.1;
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return high;
      }
      if (LogBins.of(middle) < bin) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  private static void assertWithinError(double value, double representative) {
    double allowed =
        QuantileSketch.RELATIVE_ERROR * Math.abs(value)
            + (Math.abs(value) < 100 * Double.MIN_NORMAL ? Double.MIN_VALUE : 0);
    if (!(Math.abs(representative - value) <= allowed)) {
      assertThat(representative).as("of %s", value).isCloseTo(value, offset(allowed));
    }
  }
}
