package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.windrow.rollup.Grain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class FoldingTest {
  @Test
  void sameGrain_foldsAsBefore() {
    Folding folding = new Folding(Grain.HOUR, 1_000, 250, 10);
    assertThat(folding.expectedRows(Grain.HOUR, List.of(100, 100, 100, 100))).isEqualTo(100);
  }

  @Test
  void finerGrain_hasNoMoreKeysABucketThanTheCoarser() {
    Folding folding = new Folding(Grain.HOUR, 10_000, 200, 2);
    assertThat(folding.expectedRows(Grain.MINUTE, even(10_000, 120))).isEqualTo(10_000);
    assertThat(folding.expectedRows(Grain.MINUTE, even(50_000, 120))).isEqualTo(12_000);
  }

  @Test
  void coarserGrain_meetsTheSameKeysAgain() {
    // 100 keys, 23 events a minute: nearly a row for each event by minute, 14 events a row by hour.
    Random random = new Random(1);
    Set<Integer> rows = new HashSet<>();
    for (int i = 0; i < 23 * 600; i++) {
      rows.add(i / 23 * 100 + random.nextInt(100));
    }
    Folding folding = new Folding(Grain.MINUTE, 23 * 600, rows.size(), 600);

    assertThat(folding.expectedRows(Grain.HOUR, even(23 * 600, 10)))
        .isCloseTo(1_000, Percentage.withPercentage(10));
  }

  @Test
  void coarserGrain_staysBadWhereNoKeyComesAgain() {
    Folding folding = new Folding(Grain.MINUTE, 10_000, 10_000, 500);
    assertThat(folding.expectedRows(Grain.HOUR, even(10_000, 9))).isCloseTo(10_000, within(1.0));
  }

  @Test
  void coarserGrain_withLateEventsInManyHours_meetsTheKeysInItsFullHoursAlone() {
    // 100 keys as above, and two full hours: not the 22 times 100 rows of a mean over all hours.
    Folding folding = new Folding(Grain.MINUTE, 23 * 600, 12_400, 600);
    List<Integer> hours = new ArrayList<>(Collections.nCopies(20, 5));
    hours.addAll(List.of(1_000, 1_000));

    assertThat(folding.expectedRows(Grain.HOUR, hours)).isLessThan(320);
    assertThat(folding.expectedRows(Grain.HOUR, even(2_100, 22))).isGreaterThan(1_100);
  }

  private static List<Integer> even(int events, int buckets) {
    List<Integer> even = new ArrayList<>();
    for (int i = 0; i < buckets; i++) {
      even.add(events * (i + 1) / buckets - events * i / buckets);
    }
    return even;
  }
}
