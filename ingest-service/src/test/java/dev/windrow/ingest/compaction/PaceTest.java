package dev.windrow.ingest.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.unfolded.Handover;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class PaceTest {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int MANY_PARTS = 10;
  private static final int TOO_MANY_PARTS = 1_000;

  private VirtualTimeScheduler time;
  private Handover handover;
  private Handover.LaneSide lane;
  private Written written;
  private Disposable flush;
  private Pace pace;

  @BeforeEach
  void beginWhileEventsArrive() {
    time = VirtualTimeScheduler.getOrSet();
    handover = new Handover();
    lane = handover.lane();
    written = new Written(this::now);
    pace = new Pace(written, handover, PAUSE, Schedulers.immediate(), this::now);
    flush = written.during(Mono.never()).subscribe();
    pace.begin();
  }

  @AfterEach
  void reset() {
    VirtualTimeScheduler.reset();
  }

  private long now() {
    return time.now(TimeUnit.NANOSECONDS);
  }

  @Test
  void isLeisurely_whileAFlushIsUnderWay_howeverLongItTakes() {
    time.advanceTimeBy(PAUSE.multipliedBy(5));

    assertThat(pace.isLeisurely()).isTrue();
  }

  @Test
  void isLeisurely_isFalseOnceAllHasBeenQuietForThePause() {
    flush.dispose();

    time.advanceTimeBy(PAUSE.minusMillis(1));
    assertThat(pace.isLeisurely()).isTrue();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(pace.isLeisurely()).isFalse();
  }

  @Test
  void isLeisurely_isFalseWhileALaneFillsUp() {
    lane.carries(true, true);
    assertThat(pace.isLeisurely()).isFalse();
    lane.give(List.of(), 1);
    assertThat(pace.isLeisurely()).isFalse();
    handover.take();
    assertThat(pace.isLeisurely()).isTrue();
  }

  @Test
  void isLeisurely_forFourSecondsOfARound() {
    time.advanceTimeBy(Duration.ofMillis(3_999));
    assertThat(pace.isLeisurely()).isTrue();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(pace.isLeisurely()).isFalse();

    pace.begin();
    assertThat(pace.isLeisurely()).isTrue();
  }

  @Test
  void isLeisurely_isFalseOnceItCloses() {
    pace.close();

    assertThat(pace.isLeisurely()).isFalse();
  }

  @Test
  void breathe_restsForTwiceTheWork() {
    assertRests(Duration.ofMillis(10), MANY_PARTS, Duration.ofMillis(20));
  }

  @Test
  void breathe_restsForATenthOfASecondAtMost() {
    assertRests(Duration.ofMillis(200), MANY_PARTS, Duration.ofMillis(100));
  }

  @Test
  void breathe_spreadsThePartsOverTheTimeThatIsLeft() {
    time.advanceTimeBy(Duration.ofSeconds(3));

    assertRests(Duration.ofMillis(60), MANY_PARTS, Duration.ofMillis(40));
  }

  @Test
  void breathe_doesNotRestWhenThePartsHardlyFit() {
    assertThat(completes(pace.breathe(TimeUnit.MILLISECONDS.toNanos(10), TOO_MANY_PARTS))).isTrue();
  }

  @Test
  void breathe_doesNotRestInHaste() {
    lane.carries(true, true);

    assertThat(completes(pace.breathe(TimeUnit.MILLISECONDS.toNanos(10), MANY_PARTS))).isTrue();
  }

  private void assertRests(Duration work, int partsLeft, Duration rest) {
    AtomicBoolean over = new AtomicBoolean();
    pace.breathe(work.toNanos(), partsLeft).subscribe(v -> {}, e -> {}, () -> over.set(true));

    time.advanceTimeBy(rest.minusMillis(1));
    assertThat(over).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(over).isTrue();
  }

  private static boolean completes(Mono<Void> mono) {
    AtomicBoolean completed = new AtomicBoolean();
    mono.subscribe(v -> {}, e -> {}, () -> completed.set(true));
    return completed.get();
  }

  @Test
  void isTime_afterNineTimesTheWork_inWhichRestsWithinDoNotCount() {
    time.advanceTimeBy(Duration.ofMillis(100));
    pace.breathe(TimeUnit.MILLISECONDS.toNanos(50), MANY_PARTS).subscribe();
    time.advanceTimeBy(Duration.ofMillis(100));
    pace.end();
    written.stir();

    time.advanceTimeBy(Duration.ofMillis(899));
    assertThat(pace.isTime()).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(pace.isTime()).isTrue();
  }

  @Test
  void isTime_onceAllIsQuiet() {
    time.advanceTimeBy(Duration.ofMillis(500));
    pace.end();
    written.stir();
    assertThat(pace.isTime()).isFalse();

    flush.dispose();
    time.advanceTimeBy(PAUSE);
    assertThat(pace.isTime()).isTrue();
  }
}
