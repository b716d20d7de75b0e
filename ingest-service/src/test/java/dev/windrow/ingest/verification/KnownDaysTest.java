package dev.windrow.ingest.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.metrics.VerificationMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownDaysTest {
  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-10");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final VerificationSettings SETTINGS =
      new VerificationSettings(2, Duration.ofSeconds(10), 1_000, Duration.ofMinutes(1));

  private static KnownDay day(int age, KnownDay.@Nullable Look last) {
    return new KnownDay(TODAY.minusDays(age), 1, last);
  }

  private static KnownDay.Look look(Duration ago, Duration took, long differing) {
    return new KnownDay.Look(NOW.minus(ago), took, NOW.minus(ago), differing, 0);
  }

  private static LocalDate turn(KnownDay... days) {
    return new KnownDays(List.of(days), NOW).turn(SETTINGS).orElseThrow().day();
  }

  @Test
  void nobodyHasLookedAt_comesFirst_theNewestOfThem() {
    assertThat(turn(day(5, null), day(3, null), day(0, look(Duration.ofDays(9), SECOND, 0))))
        .isEqualTo(TODAY.minusDays(3));
  }

  @Test
  void noDays_noTurn() {
    assertThat(new KnownDays(List.of(), NOW).turn(SETTINGS)).isEmpty();
  }

  @Test
  void rest_isTheLongerTheLongerTheLastOneTook() {
    Duration took = Duration.ofSeconds(20);
    Duration rest = took.multipliedBy(49);
    assertThat(rest(took, rest.minusMillis(1))).isFalse();
    assertThat(rest(took, rest)).isTrue();
    assertThat(rest(Duration.ofMillis(1), Duration.ofSeconds(9)))
        .as("at least the pause")
        .isFalse();
    assertThat(rest(Duration.ofMillis(1), Duration.ofSeconds(10))).isTrue();
  }

  private static boolean rest(Duration took, Duration rested) {
    KnownDay longAgo = day(1, look(Duration.ofDays(1), Duration.ofDays(1), 0));
    return new KnownDays(List.of(longAgo, day(0, look(rested, took, 0))), NOW)
        .turn(SETTINGS)
        .isPresent();
  }

  @Test
  void everyDayComesRound_recentOnesMoreOften_andThoseAdriftLikeToday() {
    int ages = 60;
    int adrift = 40;
    Map<LocalDate, KnownDay.Look> looks = new HashMap<>();
    Map<LocalDate, Integer> turns = new HashMap<>();
    Instant now = NOW;
    for (int i = 0; i < 3_000; i++) {
      List<KnownDay> days = new ArrayList<>();
      for (int age = 0; age < ages; age++) {
        days.add(day(age, looks.get(TODAY.minusDays(age))));
      }
      LocalDate turn = new KnownDays(days, now).turn(SETTINGS).orElseThrow().day();
      turns.merge(turn, 1, Integer::sum);
      long differing = turn.equals(TODAY.minusDays(adrift)) ? 1 : 0;
      looks.put(turn, new KnownDay.Look(now, Duration.ZERO, now, differing, 0));
      now = now.plusSeconds(10);
    }
    assertThat(turns).hasSize(ages);
    assertThat(turns.values()).allMatch(times -> times >= 5);
    int today = turns.getOrDefault(TODAY, 0);
    int tenDaysAgo = turns.getOrDefault(TODAY.minusDays(10), 0);
    assertThat(today).isGreaterThan(8 * tenDaysAgo);
    assertThat(tenDaysAgo).isGreaterThan(2 * turns.getOrDefault(TODAY.minusDays(50), 0));
    assertThat(turns.get(TODAY.minusDays(adrift))).isBetween(today - 3, today + 3);
  }

  @Test
  void found_isOfTheDaysThatWereVerified() {
    KnownDay.Look missed = new KnownDay.Look(NOW, SECOND, null, 0, 0);
    Instant older = NOW.minus(Duration.ofHours(3));
    KnownDays days =
        new KnownDays(
            List.of(
                day(0, new KnownDay.Look(NOW, SECOND, NOW.minus(SECOND), 3, 1)),
                day(1, new KnownDay.Look(NOW, SECOND, older, 4, 0)),
                day(2, look(SECOND, SECOND, 0)),
                day(3, missed),
                day(4, null)),
            NOW);

    assertThat(days.found())
        .isEqualTo(
            new VerificationMetrics.Found(2, 7, 1, 3, 2, Duration.ofHours(3), NOW.minus(SECOND)));
  }

  @Test
  void nothingVerified_isNoLag() {
    assertThat(new KnownDays(List.of(day(0, null)), NOW).found())
        .isEqualTo(new VerificationMetrics.Found(0, 0, 0, 0, 1, Duration.ZERO, Instant.EPOCH));
  }
}
