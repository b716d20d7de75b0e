package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoarseSpansTest {
  private static final long HOUR = Grain.HOUR.micros();
  private static final long DAY = Grain.DAY.micros();

  @Test
  void spans_thatTouchOrOverlap_areOne() {
    CoarseSpans spans = CoarseSpans.of(List.of(DAY + HOUR, 2 * HOUR, HOUR, 5 * HOUR), List.of(DAY));
    assertThat(spans.withoutMinutes())
        .containsExactly(
            new TimeRange(HOUR, 3 * HOUR),
            new TimeRange(5 * HOUR, 6 * HOUR),
            new TimeRange(DAY, 2 * DAY));
    assertThat(spans.withoutHours()).containsExactly(new TimeRange(DAY, 2 * DAY));
  }

  @Test
  void firstWithout_isCutToTheRange() {
    CoarseSpans spans = CoarseSpans.of(List.of(HOUR, 5 * HOUR), List.of());
    assertThat(spans.firstWithout(Grain.MINUTE, new TimeRange(0, DAY)))
        .isEqualTo(new TimeRange(HOUR, 2 * HOUR));
    assertThat(spans.firstWithout(Grain.MINUTE, new TimeRange(HOUR + 7, HOUR + 9)))
        .isEqualTo(new TimeRange(HOUR + 7, HOUR + 9));
    assertThat(spans.firstWithout(Grain.MINUTE, new TimeRange(2 * HOUR, DAY)))
        .isEqualTo(new TimeRange(5 * HOUR, 6 * HOUR));
  }

  @Test
  void firstWithout_whereBucketsAreKept_isEmptyAtTheEnd() {
    CoarseSpans spans = CoarseSpans.of(List.of(HOUR), List.of(DAY));
    TimeRange end = new TimeRange(DAY, DAY);
    assertThat(spans.firstWithout(Grain.MINUTE, new TimeRange(2 * HOUR, DAY))).isEqualTo(end);
    assertThat(spans.firstWithout(Grain.HOUR, new TimeRange(0, DAY))).isEqualTo(end);
    assertThat(spans.firstWithout(Grain.DAY, new TimeRange(0, 2 * DAY)))
        .isEqualTo(new TimeRange(2 * DAY, 2 * DAY));
  }
}
