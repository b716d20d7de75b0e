package dev.windrow.ingest.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Difference;
import dev.windrow.ingest.recompute.Findings;
import dev.windrow.ingest.recompute.RollupReport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftLogTest {
  private static final LocalDate DAY = LocalDate.parse("2001-01-02");

  private final DriftLog log = new DriftLog();

  private static RollupReport rollup(int id, String... wrongKeys) {
    List<Difference> first =
        List.of(wrongKeys).stream()
            .map(
                key ->
                    new Difference(
                        "hour",
                        Instant.parse("2001-01-02T03:00:00Z"),
                        List.of(key),
                        List.of(new Difference.Field("value_sum", "1", "2"))))
            .toList();
    return new RollupReport(
        id,
        "rollup-" + id,
        new Findings(10, 0, Map.of(), first.size(), first, 0),
        new RollupReport.Replacement(false, 0, 0));
  }

  private int note(LocalDate day, RollupReport... rollups) {
    return log.note(new DayReport(day, DayReport.Outcome.DONE, List.of(rollups)));
  }

  @Test
  void sameRowsOfADay_areToldOnce() {
    assertThat(note(DAY, rollup(1, "a"), rollup(2), rollup(3, "b", "c"))).isEqualTo(2);
    assertThat(note(DAY, rollup(1, "a"), rollup(2), rollup(3, "b", "c"))).isZero();
    assertThat(note(DAY.plusDays(1), rollup(1, "a"))).as("another day").isEqualTo(1);
    assertThat(note(DAY, rollup(1, "a"), rollup(3, "b", "c"))).isZero();
  }

  @Test
  void otherRows_areToldAnew() {
    note(DAY, rollup(1, "a"));
    assertThat(note(DAY, rollup(1, "b"))).isEqualTo(1);
    assertThat(note(DAY, rollup(1, "b", "c"))).isEqualTo(1);
  }

  @Test
  void rowsThatWereRepaired_areToldIfTheyComeAgain() {
    note(DAY, rollup(1, "a"));
    assertThat(note(DAY, rollup(1))).isZero();
    assertThat(note(DAY, rollup(1, "a"))).isEqualTo(1);
  }
}
