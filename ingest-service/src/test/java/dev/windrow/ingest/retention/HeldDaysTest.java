package dev.windrow.ingest.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldDaysTest {
  private static final LocalDate DAY = LocalDate.parse("2024-02-29");
  private static final DayVerdict ONE = new DayVerdict(false, List.of(new Drift(1, "r", 1, "{a}")));
  private static final DayVerdict TWO = new DayVerdict(false, List.of(new Drift(1, "r", 2, "{a}")));

  private final HeldDays held = new HeldDays();

  @Test
  void day_isLookedAtLessAndLessOften_untilSomethingElseIsFound() {
    assertThat(held.isTime(DAY)).isTrue();
    assertThat(held.note(DAY, ONE)).isTrue();
    assertThat(roundsUntilTime()).isEqualTo(2);
    assertThat(held.note(DAY, ONE)).as("the same again").isFalse();
    assertThat(roundsUntilTime()).isEqualTo(3);
    assertThat(held.note(DAY, ONE)).isFalse();
    assertThat(roundsUntilTime()).isEqualTo(5);
    assertThat(held.note(DAY, TWO)).as("something else").isTrue();
    assertThat(roundsUntilTime()).isEqualTo(2);
  }

  @Test
  void day_thatIsRepairedOrUnfolded_isNoNews() {
    assertThat(held.note(DAY, ONE)).isTrue();
    assertThat(held.note(DAY, new DayVerdict(false, List.of()))).isFalse();
    assertThat(held.isTime(DAY)).isTrue();
    assertThat(held.note(DAY, new DayVerdict(true, List.of()))).isFalse();
    assertThat(held.isTime(DAY)).isTrue();
  }

  private int roundsUntilTime() {
    int rounds = 1;
    while (!held.isTime(DAY)) {
      rounds++;
    }
    return rounds;
  }
}
