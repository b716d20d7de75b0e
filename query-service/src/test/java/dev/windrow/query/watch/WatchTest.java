package dev.windrow.query.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** What a watch makes of changes and answers that overtake each other. */
class WatchTest {
  private static final TimeRange WINDOW = new TimeRange(100, 200);
  private static final NewBatch TEN = new NewBatch(10, 150, 150);
  // Before transaction 10, and after it.
  private static final String BEFORE = "10:10:";
  private static final String AFTER = "11:11:";

  private final WatchThread thread = new WatchThread();
  private final FakeReads reads = new FakeReads();
  private final AtomicInteger ended = new AtomicInteger();
  private Watch<String> watch;

  @BeforeEach
  void open() {
    watch = new Watch<>(thread, reads, question(), () -> {}, ended::incrementAndGet);
  }

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void change_thatTheAnswerBeingReadDoesNotSee_isReadAgain() {
    TestWatcher watcher = join("");
    Sinks.One<WatchedAnswer<String>> first = answering();
    changed(AFTER, TEN);
    give(first, "one", BEFORE);
    give(answering(), "two", AFTER);
    await().until(() -> watcher.told.equals(List.of("one", "two")));
  }

  @Test
  void change_thatTheAnswerBeingReadSees_isNot() {
    TestWatcher watcher = join("");
    Sinks.One<WatchedAnswer<String>> first = answering();
    changed(AFTER, TEN);
    give(first, "one", AFTER);
    await().until(() -> watcher.told.equals(List.of("one")));
    assertStands();
  }

  @Test
  void change_thatTheAnswerHadSeen_orElsewhere_isNone() {
    join("");
    give(answering(), "one", AFTER);
    changed(AFTER, TEN, new NewBatch(12, 50, 99), new NewBatch(13, 200, 300));
    assertStands();
  }

  @Test
  void change_onAStandby_isOnlySeenBeforeXmin() {
    join("");
    answering().tryEmitValue(new WatchedAnswer<>("one", AsOf.of("10:12:", 0, true))).orThrow();
    changed("10:12:", TEN);
    give(answering(), "two", AFTER);
  }

  @Test
  void changes_thatCannotBeTold_areReadAgain() {
    join("");
    give(answering(), "one", AFTER);
    thread.run(
        () ->
            watch.changed(
                new Changes(AsOf.of(AFTER, 0, false), List.of(), true, System.nanoTime())));
    give(answering(), "one", AFTER);
    assertStands();
  }

  @Test
  void answer_thatSaysTheSame_isNotTold_andStandsAsOfItsOwnSnapshot() {
    TestWatcher watcher = join("");
    give(answering(), "one", BEFORE);
    changed(AFTER, TEN);
    give(answering(), "one", AFTER);
    TestWatcher later = assertStands();
    assertThat(later.told).containsExactly("one");
    assertThat(watcher.told).containsExactly("one");
    thread.run(() -> assertThat(watch.asOf()).isNotNull());
  }

  @Test
  void answer_thatChangesWhileSomebodyResumes_isToldThough() {
    TestWatcher watcher = join("");
    give(answering(), "one", BEFORE);
    await().until(() -> !watcher.told.isEmpty());
    TestWatcher resuming = join("7:7:");
    changed(BEFORE);
    await().until(() -> reads.resumptions.size() == 1);
    changed(AFTER, TEN);
    give(answering(), "two", AFTER);
    await().until(() -> watcher.told.contains("two"));
    // It was true when it was asked.
    reads.resumptions.remove().tryEmitValue(false).orThrow();
    await().until(() -> resuming.told.equals(List.of("two")));
  }

  @Test
  void manyWhoResumeFromTheSame_areLookedUpOnce() {
    TestWatcher one = join("7:7:");
    TestWatcher other = join("7:7:");
    TestWatcher different = join("8:8:");
    give(answering(), "one", BEFORE);
    // For those who have come after the read began.
    changed(BEFORE);
    await().until(() -> reads.resumptions.size() == 2);
    reads.resumptions.remove().tryEmitValue(false).orThrow();
    reads.resumptions.remove().tryEmitValue(true).orThrow();
    await().until(() -> different.told.equals(List.of("one")));
    assertThat(one.told).containsExactly("stands " + BEFORE);
    assertThat(other.told).containsExactly("stands " + BEFORE);
    assertThat(reads.asked).containsExactly("answer", "since 7:7:", "since 8:8:");
  }

  @Test
  void failure_ofTheFirstRead_endsTheWatch() {
    TestWatcher watcher = join("");
    fail(answering(), Status.Code.UNAVAILABLE, true);
    await().until(() -> watcher.told.equals(List.of("failed away")));
    await().until(() -> ended.get() == 1);
  }

  @Test
  void failure_thatPasses_isTriedAgain_andOneThatDoesNot_endsTheWatch() {
    TestWatcher watcher = join("");
    give(answering(), "one", BEFORE);
    changed(AFTER, TEN);
    fail(answering(), Status.Code.UNAVAILABLE, true);
    give(answering(), "two", AFTER);
    await().until(() -> watcher.told.equals(List.of("one", "two")));
    changed("12:12:", new NewBatch(11, 150, 150));
    fail(answering(), Status.Code.FAILED_PRECONDITION, false);
    await().until(() -> watcher.told.equals(List.of("one", "two", "failed away")));
    await().until(() -> ended.get() == 1);
  }

  @Test
  void lastWhoLeaves_cancelsTheRead() {
    TestWatcher one = join("");
    TestWatcher other = join("");
    Sinks.One<WatchedAnswer<String>> first = answering();
    thread.run(() -> watch.leave(one));
    await().until(() -> first.currentSubscriberCount() == 1);
    thread.run(() -> watch.leave(other));
    await().until(() -> first.currentSubscriberCount() == 0);
    await().until(() -> ended.get() == 1);
  }

  private TestWatcher join(String resumePosition) {
    TestWatcher watcher = new TestWatcher(resumePosition);
    thread.run(
        () -> {
          watch.join(watcher);
          watch.begin();
        });
    return watcher;
  }

  // Who comes now is told after the next look, without another read: only an answer that is not
  // waiting to be read again can do that.
  private TestWatcher assertStands() {
    int before = reads.asked.size();
    TestWatcher watcher = join("");
    changed(AFTER);
    await().until(() -> !watcher.told.isEmpty());
    assertThat(reads.asked).hasSize(before);
    return watcher;
  }

  private void changed(String position, NewBatch... batches) {
    thread.run(
        () ->
            watch.changed(
                new Changes(
                    AsOf.of(position, 0, false), List.of(batches), false, System.nanoTime())));
  }

  private Sinks.One<WatchedAnswer<String>> answering() {
    await().atMost(Duration.ofSeconds(10)).until(() -> !reads.answers.isEmpty());
    return reads.answers.remove();
  }

  private static void give(
      Sinks.One<WatchedAnswer<String>> asked, String message, String position) {
    asked.tryEmitValue(new WatchedAnswer<>(message, AsOf.of(position, 0, false))).orThrow();
  }

  private static void fail(
      Sinks.One<WatchedAnswer<String>> asked, Status.Code code, boolean retryable) {
    Failure failure =
        retryable
            ? Failure.retryable(code, "AWAY", "away", Duration.ofSeconds(1))
            : Failure.of(code, "AWAY", "away", Map.of());
    asked.tryEmitError(failure.toException()).orThrow();
  }

  private static WatchedQuestion question() {
    Question asked =
        new Question(
            WINDOW,
            Intervals.of(WINDOW, IntervalUnit.NONE, ZoneOffset.UTC),
            List.of(Metric.of(Measure.COUNT)),
            List.of(),
            new Filter.All(),
            List.of(),
            1,
            false);
    return new WatchedQuestion(asked, Optional.empty(), Requirements.NONE);
  }
}
