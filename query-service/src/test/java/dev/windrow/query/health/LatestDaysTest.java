package dev.windrow.query.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.rollup.TimeRange;
import org.junit.jupiter.api.Test;

class LatestDaysTest {
  private static final long DAY = 86_400_000_000L;

  @Test
  void most_isTheLongestPartThatFits() {
    TimeRange window = new TimeRange(DAY / 2, 90 * DAY + 5);
    for (int fitting = 1; fitting <= 91; fitting++) {
      long from = Math.max(DAY / 2, (91 - fitting) * DAY);
      TimeRange expected = new TimeRange(from, window.toMicros());
      TimeRange found =
          LatestDays.most(window, part -> part.lengthMicros() <= expected.lengthMicros());
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void most_isTheLastDay_evenIfThatDoesNotFit() {
    assertThat(LatestDays.most(new TimeRange(0, 3 * DAY), part -> false))
        .isEqualTo(new TimeRange(2 * DAY, 3 * DAY));
    assertThat(LatestDays.most(new TimeRange(5, 5), part -> false)).isEqualTo(new TimeRange(5, 5));
  }

  @Test
  void count_isOfTheDaysThatAreTouched() {
    assertThat(LatestDays.count(new TimeRange(0, DAY))).isOne();
    assertThat(LatestDays.count(new TimeRange(DAY - 1, DAY + 1))).isEqualTo(2);
    assertThat(LatestDays.count(new TimeRange(DAY, DAY))).isZero();
  }
}
