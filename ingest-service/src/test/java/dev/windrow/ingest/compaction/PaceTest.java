package dev.windrow.ingest.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.unfolded.Handover;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class PaceTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Written written = new Written();
  private final Handover handover = new Handover();
  private final Handover.LaneSide lane = handover.lane();

  private Pace pace(Duration pause) {
    Pace pace = new Pace(written, handover, pause, Schedulers.immediate());
    pace.begin();
    return pace;
  }

  @Test
  void isLeisurely_whileEventsArriveAndLanesHaveRoom() {
    Pace pace = pace(HOUR);

    written.stir();
    lane.carries(true, false);

    assertThat(pace.isLeisurely()).isTrue();
  }

  @Test
  void isLeisurely_isFalseOnceAllIsQuiet() {
    assertThat(pace(Duration.ZERO).isLeisurely()).isFalse();
  }

  @Test
  void isLeisurely_isFalseWhileALaneFillsUp() {
    Pace pace = pace(HOUR);

    lane.carries(true, true);
    assertThat(pace.isLeisurely()).isFalse();
    lane.give(List.of(), 1);
    assertThat(pace.isLeisurely()).isFalse();
    handover.take();
    assertThat(pace.isLeisurely()).isTrue();
  }

  @Test
  void breathe_restsForTwiceTheWork() {
    rests(Duration.ofMillis(10), Duration.ofMillis(20));
  }

  @Test
  void breathe_restsForATenthOfASecondAtMost() {
    rests(Duration.ofMinutes(1), Duration.ofMillis(100));
  }

  private void rests(Duration work, Duration rest) {
    StepVerifier.withVirtualTime(() -> pace(HOUR).breathe(work.toNanos()))
        .expectSubscription()
        .expectNoEvent(rest.minusMillis(1))
        .thenAwait(Duration.ofMillis(1))
        .verifyComplete();
  }

  @Test
  void breathe_doesNotRestInHaste() {
    Pace pace = pace(HOUR);
    lane.carries(true, true);

    StepVerifier.create(pace.breathe(Duration.ofMinutes(1).toNanos())).verifyComplete();
  }
}
