package dev.windrow.query.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import org.junit.jupiter.api.Test;

class PairFoldTest {
  private static final Pair PAIR = new Pair("t", "e");

  @Test
  void gaps_areWhereANewerEventMayBe() {
    PairFold fold = new PairFold();
    fold.addUnknown(PAIR, new TimeRange(100, 200));
    assertThat(fold.gaps()).containsExactly(new PairFold.Gap(PAIR, new TimeRange(100, 200)));
    fold.add(PAIR, at(150));
    assertThat(fold.gaps()).containsExactly(new PairFold.Gap(PAIR, new TimeRange(150, 200)));
    fold.add(PAIR, at(200));
    assertThat(fold.gaps()).as("what is known is not before the end").isEmpty();
  }

  @Test
  void newest_whateverTheOrder_isTheGreatest() {
    PairFold fold = new PairFold();
    fold.add(PAIR, at(3));
    fold.add(PAIR, at(5));
    fold.add(PAIR, at(4));
    fold.addIfThere(new Pair("t", "other"), at(9));
    assertThat(fold.newest(PAIR)).contains(at(5));
    assertThat(fold.pairs()).containsExactly(PAIR);
  }

  @Test
  void keepFirst_ofMore_keepsTheFirstInOrder() {
    PairFold fold = new PairFold();
    for (String entity : new String[] {"c", "a", "d", "b"}) {
      fold.add(new Pair("t", entity), at(1));
    }
    assertThat(fold.keepFirst(4)).isFalse();
    assertThat(fold.keepFirst(2)).isTrue();
    assertThat(fold.pairs()).containsExactly(new Pair("t", "a"), new Pair("t", "b"));
  }

  private static LatestEvent at(long micros) {
    return new LatestEvent(micros, 1, 1, null, "");
  }
}
