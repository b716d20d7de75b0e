package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TimeSpreadTest {
  private static final Offset<Double> CLOSE = offset(1e-9);
  // Half of the rows within ten microseconds, half within a thousand.
  private static final TimeSpread UNEVEN = new TimeSpread(List.of(0L, 10L, 1010L), Map.of());

  @Test
  void part_followsTheQuantiles() {
    assertThat(UNEVEN.part(new TimeRange(0, 10))).isEqualTo(0.5, CLOSE);
    assertThat(UNEVEN.part(new TimeRange(5, 510))).isEqualTo(0.5, CLOSE);
    assertThat(UNEVEN.part(new TimeRange(-100, 5000))).isEqualTo(1, CLOSE);
    assertThat(UNEVEN.part(new TimeRange(1010, 5000))).isZero();
  }

  @Test
  void part_countsCommonTimesForThemselves() {
    TimeSpread spread = new TimeSpread(List.of(0L, 100L), Map.of(7L, 0.5, 9L, 0.1));
    assertThat(spread.part(new TimeRange(7, 8))).isEqualTo(0.5 + 0.4 * 0.01, CLOSE);
    assertThat(spread.part(new TimeRange(0, 50))).isEqualTo(0.6 + 0.2, CLOSE);
    TimeSpread commonOnly = new TimeSpread(List.of(), Map.of(7L, 0.75, 9L, 0.25));
    assertThat(commonOnly.part(new TimeRange(8, 100))).isEqualTo(0.25, CLOSE);
    assertThat(commonOnly.partIfGrown(new TimeRange(10, 11))).isEqualTo(0.5, CLOSE);
  }

  @Test
  void partIfGrown_isAlsoWhereNoRowsWere() {
    assertThat(UNEVEN.partIfGrown(new TimeRange(0, 10))).isEqualTo(0.5, CLOSE);
    assertThat(UNEVEN.partIfGrown(new TimeRange(1010, 1111))).isEqualTo(0.1, CLOSE);
    assertThat(UNEVEN.partIfGrown(new TimeRange(1010, 9999))).isEqualTo(1, CLOSE);
  }
}
