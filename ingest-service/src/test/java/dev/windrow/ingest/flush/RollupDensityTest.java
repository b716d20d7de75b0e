package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which spans one flush of an import speaks for. */
class RollupDensityTest {
  private static final long DAY = 18_000L * Grain.DAY.micros();
  private static final RollupDefinition ROLLUP =
      new RollupDefinition(
          1,
          "type,source,status",
          List.of(Dimension.TYPE, Dimension.SOURCE, Dimension.STATUS),
          EnumSet.allOf(Grain.class));

  private final RollupDensity density = new RollupDensity(ROLLUP, EnumSet.allOf(Grain.class));
  private SortedMap<Long, HourLoad> hours = new TreeMap<>();

  @BeforeEach
  void beginFlush() {
    hours = new TreeMap<>();
  }

  /** Evenly over the hour. */
  private void add(int hour, int events) {
    HourLoad load =
        hours.computeIfAbsent(DAY + hour * Grain.HOUR.micros(), first -> new HourLoad());
    for (int i = 0; i < events; i++) {
      load.add(i * Grain.HOUR.micros() / events);
    }
  }

  /** Minutes that fold badly, of some 100 keys: 23 events and 19 keys in each. */
  private void learnSparseMinutes() {
    density.learn(new Folding(Grain.MINUTE, 49_000, 35_711, 2_192));
  }

  private List<CoarseSpan> days() {
    return density.proposals(hours).stream().filter(span -> span.grain() == Grain.DAY).toList();
  }

  @Test
  void hoursThatAreKeptLongerThanEvents_areNeverLeftOut() {
    RollupDensity kept = new RollupDensity(ROLLUP, EnumSet.of(Grain.MINUTE));
    kept.learn(new Folding(Grain.MINUTE, 49_000, 35_711, 2_192));
    learnSparseMinutes();
    for (int hour = 0; hour < 24; hour++) {
      add(hour, 60);
    }
    assertThat(days()).as("if they are not").isNotEmpty();
    assertThat(kept.proposals(hours)).noneMatch(span -> span.grain() == Grain.DAY);
    add(12, 1_000);
    assertThat(kept.proposals(hours)).anyMatch(span -> span.grain() == Grain.HOUR);
  }

  @Test
  void flushEndingInADay_withLateEventsInItsOtherHours_doesNotSpeakForTheDay() {
    learnSparseMinutes();
    add(23, 1_000);
    for (int hour = 0; hour < 23; hour++) {
      add(hour, 5);
    }
    assertThat(days()).isEmpty();
  }

  @Test
  void flushOfSomeHours_withLateEventsInTheOthers_speaksForTheDay_byEachHour() {
    learnSparseMinutes();
    for (int hour = 0; hour < 20; hour++) {
      add(hour, 10);
    }
    for (int hour = 20; hour < 24; hour++) {
      add(hour, 700);
    }
    assertThat(days()).as("dense hours").isEmpty();

    density.learn(new Folding(Grain.MINUTE, 49_000, 48_900, 2_192));
    assertThat(days()).as("hours without a key that comes again").hasSize(1);
  }

  @Test
  void smallFlushes_ofAnHourEach_withLateEvents_speakForNoDay() {
    for (int hour = 0; hour < 24; hour++) {
      beginFlush();
      add(hour, 1_000);
      for (int before = 0; before < hour; before++) {
        add(before, 4);
      }
      assertThat(days()).isEmpty();
      density.learn(new Folding(Grain.MINUTE, 1_046, 780, 100));
    }
  }

  @Test
  void liveEvents_withLateOnesOverTheDay_doNotSpeakForIt() {
    density.learn(new Folding(Grain.HOUR, 20_000, 19_000, 24));
    add(23, 20_000);
    for (int hour = 0; hour < 23; hour++) {
      add(hour, 50);
    }
    assertThat(days()).isEmpty();
  }

  @Test
  void sparseDay_isProposedByTheFirstFlushThatHoldsThreeOfItsHours() {
    density.learn(new Folding(Grain.HOUR, 1_000, 526, 2));
    for (int hour = 5; hour < 8; hour++) {
      add(hour, 400);
    }
    assertThat(days()).containsExactly(new CoarseSpan(1, Grain.DAY, DAY, 1_200));
  }

  @Test
  void sparseHours_areProposed_eachOnce() {
    density.learn(new Folding(Grain.MINUTE, 1_000, 900, 45));
    add(1, 1_200);
    add(2, 1_200);
    assertThat(density.proposals(hours)).filteredOn(span -> span.grain() == Grain.HOUR).hasSize(2);
    assertThat(density.proposals(hours)).isEmpty();
  }
}
