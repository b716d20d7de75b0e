package dev.windrow.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.plan.UnfoldedBatch;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnfoldedStretchTest {
  @Test
  void batches_farApart_areStretchesOfTheirOwn() {
    List<UnfoldedBatch> batches =
        List.of(batch(9, 1000, 1010), batch(1, 0, 10), batch(8, 1005, 1020), batch(2, 12, 20));
    assertThat(UnfoldedStretch.of(batches, 2))
        .containsExactly(
            new UnfoldedStretch(new TimeRange(0, 20), List.of(1L, 2L)),
            new UnfoldedStretch(new TimeRange(1000, 1020), List.of(8L, 9L)));
    assertThat(UnfoldedStretch.of(batches, 1))
        .containsExactly(new UnfoldedStretch(new TimeRange(0, 1020), List.of(1L, 2L, 8L, 9L)));
    assertThat(UnfoldedStretch.of(batches, 9)).hasSize(3);
  }

  @Test
  void batches_thatTouch_areTogether() {
    assertThat(UnfoldedStretch.of(List.of(batch(1, 0, 10), batch(2, 10, 20)), 4)).hasSize(1);
  }

  @Test
  void stretches_holdEveryBatchOnce_andDoNotOverlap() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      List<UnfoldedBatch> batches = new ArrayList<>();
      for (int id = random.nextInt(20); id >= 0; id--) {
        long from = random.nextInt(200);
        batches.add(batch(id, from, from + 1 + random.nextInt(20)));
      }
      int most = 1 + random.nextInt(5);
      List<UnfoldedStretch> stretches = UnfoldedStretch.of(batches, most);
      assertThat(stretches).as("seed " + seed).hasSizeBetween(1, most);
      assertThat(stretches.stream().flatMap(stretch -> stretch.batchIds().stream()))
          .as("seed " + seed)
          .containsExactlyInAnyOrderElementsOf(
              batches.stream().map(UnfoldedBatch::batchId).toList());
      long at = Long.MIN_VALUE;
      for (UnfoldedStretch stretch : stretches) {
        assertThat(stretch.time().fromMicros()).as("seed " + seed).isGreaterThan(at);
        assertThat(stretch.batchIds()).as("seed " + seed).isSorted();
        at = stretch.time().toMicros();
        for (UnfoldedBatch batch : batches) {
          assertThat(batch.time().intersect(stretch.time()).equals(batch.time()))
              .as("seed " + seed)
              .isEqualTo(stretch.batchIds().contains(batch.batchId()));
        }
      }
    }
  }

  private static UnfoldedBatch batch(long id, long from, long to) {
    return new UnfoldedBatch(id, new TimeRange(from, to), 1);
  }
}
