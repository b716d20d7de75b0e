package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimeRangeTest {
  @Test
  void contains_bounds_isHalfOpen() {
    TimeRange range = new TimeRange(-5, 5);
    assertThat(range.contains(-6)).isFalse();
    assertThat(range.contains(-5)).isTrue();
    assertThat(range.contains(4)).isTrue();
    assertThat(range.contains(5)).isFalse();
    assertThat(range.lengthMicros()).isEqualTo(10);
  }

  @Test
  void constructor_fromAfterTo_isRefused() {
    assertThatThrownBy(() -> new TimeRange(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("range: from must not be after to");
  }

  @Test
  void intersect_overlapping_isTheCommonPart() {
    assertThat(new TimeRange(0, 10).intersect(new TimeRange(5, 15)))
        .isEqualTo(new TimeRange(5, 10));
    assertThat(new TimeRange(5, 15).intersect(new TimeRange(0, 10)))
        .isEqualTo(new TimeRange(5, 10));
  }

  @Test
  void intersect_disjoint_isEmpty() {
    assertThat(new TimeRange(0, 10).intersect(new TimeRange(20, 30)).isEmpty()).isTrue();
    assertThat(new TimeRange(20, 30).intersect(new TimeRange(0, 10)).isEmpty()).isTrue();
  }

  @Test
  void toString_readsAsInstants() {
    assertThat(new TimeRange(0, 1_500_000))
        .hasToString("[1970-01-01T00:00:00Z, 1970-01-01T00:00:01.500Z)");
  }
}
