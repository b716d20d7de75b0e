package dev.windrow.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.ReadStore;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.WindrowException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** Random questions of stores of which retention has let something go. */
class KeptAnswersIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 80);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ReadStore store;
  private int snapped;
  private int whole;

  @BeforeEach
  void open() {
    store = new ReadStore("kept-answers");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @RepeatedTest(3)
  void answers_areExact_forThePartThatIsKept() throws SQLException {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<TestEvent> events = RandomEvents.of(random, 3000);
    long gone = write(random, events);
    Answerer answerer =
        new Answerer(
            TenantReads.of(store.reads(), ReadLimits.DEFAULT, "default"), SegmentCache.none());
    for (int i = 0; i < QUESTIONS; i++) {
      Question asked = RandomQuestions.of(random);
      String context = "seed " + seed + " question " + i + " " + asked;
      try {
        check(context, asked, answer(answerer, asked), gone, events);
      } catch (WindrowException e) {
        assertThat(e.failure().reason()).as(context).isEqualTo("WINDOW_NOT_KEPT");
        assertThat(asked.window().fromMicros()).as(context).isLessThan(gone);
      }
    }
    assertThat(whole).as("answers about whole windows, seed " + seed).isPositive();
    assertThat(snapped).as("answers about parts of windows, seed " + seed).isPositive();
  }

  private void check(
      String context, Question asked, Answer answer, long gone, List<TestEvent> events) {
    TimeRange kept = answer.question().window();
    assertThat(asked.window().intersect(kept)).as(context).isEqualTo(kept);
    // Where everything is kept, everything is answered.
    TimeRange sure =
        asked.window().intersect(new TimeRange(gone, Math.max(gone, asked.window().toMicros())));
    assertThat(kept.lengthMicros())
        .as(context + " " + kept)
        .isGreaterThanOrEqualTo(sure.lengthMicros());
    if (kept.equals(asked.window())) {
      whole++;
    } else {
      snapped++;
      assertThat(answer.asked().snappedReason()).as(context).contains("retention");
    }
    AnswerCheck.check(context + " kept " + kept, answer.question(), answer, events);
  }

  private static Answer answer(Answerer answerer, Question question) {
    try {
      return Objects.requireNonNull(
              answerer
                  .answer(question, Optional.empty(), Requirements.NONE, PATIENCE)
                  .block(PATIENCE))
          .answer();
    } catch (RuntimeException e) {
      throw e.getCause() instanceof WindrowException told ? told : e;
    }
  }

  /** The instant from which on everything is kept. */
  private long write(Random random, List<TestEvent> events) throws SQLException {
    RandomStore filled = new RandomStore(random, store.store());
    filled.add(events, 400);
    long[] horizons =
        random
            .longs(4, -1, RandomEvents.DAYS + 2)
            .map(day -> RandomEvents.START + day * RandomEvents.DAY)
            .sorted()
            .toArray();
    // The coarser, the longer; days are mostly kept for ever.
    long day = random.nextInt(3) == 0 ? horizons[0] : RandomEvents.START - 400 * RandomEvents.DAY;
    filled.letGo(horizons[3], horizons[2], horizons[1], day);
    return horizons[3];
  }
}
