package dev.windrow.query.worth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTextTest {
  @ParameterizedTest
  @CsvSource({
    // The same, and what came later.
    "'10:20:10,15', '10:20:10,15', true",
    "'21:30:21',    '10:20:10,15', true",
    // It had not begun.
    "'10:19:10,15', '10:20:10,15', false",
    // It had ended there and is under way here.
    "'10:20:10,15', '15:20:15',    false",
    // It had not begun there and is under way here.
    "'20:30:20,25', '10:20:10,15', true",
    // It was under way there already.
    "'10:30:10',    '10:20:10,15', true",
  })
  void covers_whatIsVisibleThere(String now, String then, boolean covered) {
    assertThat(SnapshotText.parse(now).covers(SnapshotText.parse(then), false)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "'20:20:', '10:20:10,15', true",
    // Whether something between 18 and 20 is under way is not said.
    "'18:20:', '18:20:', false",
  })
  void covers_onAStandby_onlyWhatHasSurelyEnded(String now, String then, boolean covered) {
    assertThat(SnapshotText.parse(now).covers(SnapshotText.parse(then), true)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "9,  true,  true",
    // Under way.
    "10, false, false",
    "12, true,  false",
    "15, false, false",
    "19, true,  false",
    // Not begun.
    "20, false, false",
  })
  void sees_whatHadEnded_andOnAStandbyOnlyWhatSurelyHad(long xid, boolean seen, boolean there) {
    SnapshotText snapshot = SnapshotText.parse("10:20:10,15");
    assertThat(snapshot.sees(xid, false)).isEqualTo(seen);
    assertThat(snapshot.sees(xid, true)).isEqualTo(there);
  }

  /**
   * Snapshots of a history in which transactions begin and end at random. As PostgreSQL does,
   * {@code xmax} is one behind the last that has ended.
   */
  @Test
  void covers_inRandomHistories_iffEverythingVisibleThereIsVisible() {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> history = new ArrayList<>();
    TreeSet<Long> underWay = new TreeSet<>();
    long next = 3;
    long ended = 2;
    for (int step = 0; step < 120; step++) {
      if (random.nextInt(5) < 3 || underWay.isEmpty()) {
        underWay.add(next++);
      } else {
        List<Long> all = List.copyOf(underWay);
        long end = all.get(random.nextInt(all.size()));
        underWay.remove(end);
        ended = Math.max(ended, end);
      }
      long xmax = ended + 1;
      Set<Long> named = underWay.headSet(xmax);
      long xmin = named.isEmpty() ? xmax : underWay.first();
      String names = named.stream().map(String::valueOf).collect(Collectors.joining(","));
      history.add(xmin + ":" + xmax + ":" + names);
    }
    for (String now : history) {
      for (String then : history) {
        assertThat(SnapshotText.parse(now).covers(SnapshotText.parse(then), false))
            .as("seed " + seed + ": " + now + " covers " + then)
            .isEqualTo(ended(now).containsAll(ended(then)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"'20:20:', true", "'10:20:10,15', true", "'10:20:', false"})
  void isWhole_unlessSomethingUnderWayIsNotNamed(String text, boolean whole) {
    assertThat(SnapshotText.parse(text).isWhole()).isEqualTo(whole);
  }

  private static Set<Long> ended(String text) {
    SnapshotText snapshot = SnapshotText.parse(text);
    Set<Long> ended = new TreeSet<>();
    for (long xid = 3; xid < snapshot.xmax(); xid++) {
      if (!snapshot.underWay().contains(xid)) {
        ended.add(xid);
      }
    }
    return ended;
  }
}
