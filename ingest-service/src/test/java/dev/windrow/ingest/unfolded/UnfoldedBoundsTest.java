package dev.windrow.ingest.unfolded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnfoldedBoundsTest {
  private static final Duration TIME = Duration.ofSeconds(5);

  @Test
  void parts_keepWithinTheWhole_andLeaveTheExpressLaneATenth() {
    for (int events : new int[] {20, 1_000, 999_999, 1_000_000, 100_000_000}) {
      UnfoldedBounds whole = new UnfoldedBounds(events, TIME);
      for (int lanes = 1; lanes <= 18; lanes++) {
        long sum =
            (long) lanes * whole.ofLane(lanes).maxEvents() + whole.ofExpressLane().maxEvents();
        assertThat(sum).isBetween((long) events - lanes, (long) events);
      }
      assertThat(whole.ofExpressLane()).isEqualTo(new UnfoldedBounds(events / 10, TIME));
    }
  }

  @Test
  void parts_areNeverNothing() {
    UnfoldedBounds least = new UnfoldedBounds(1, TIME);
    assertThat(least.ofLane(64).maxEvents()).isEqualTo(1);
    assertThat(least.ofExpressLane().maxEvents()).isEqualTo(1);
  }
}
