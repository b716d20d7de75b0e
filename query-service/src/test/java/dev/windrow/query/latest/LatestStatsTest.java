package dev.windrow.query.latest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatestStatsTest {
  @ParameterizedTest
  @CsvSource({
    "-1e308, 0",
    "-0.0, 0",
    "0, 0",
    "9.999999999, 0",
    "10, 1",
    "29.999999999999996, 2",
    "30, 3",
    "70, 7",
    "89.99999999999999, 8",
    "90, 9",
    "99.9, 9",
    "100, 9",
    "100.1, 9",
    "1e308, 9"
  })
  void tenth_beginsWithItsLowerBound_andTheEndsTakeWhatIsBeyond(double value, int tenth) {
    assertThat(LatestStats.tenth(value)).isEqualTo(tenth);
  }
}
