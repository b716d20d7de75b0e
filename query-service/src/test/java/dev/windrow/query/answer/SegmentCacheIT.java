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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** The same questions again and again, while events arrive here and there. */
class SegmentCacheIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 40) / 2;
  private static final int ROUNDS = 6;
  private static final int TIMES = 3;
  private static final long MAX_BYTES = 32 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ReadStore store;
  private Answerer answerer;
  private long read;
  private long kept;
  private long keptInSpiteOfEvents;

  @BeforeEach
  void open() {
    store = new ReadStore("segment-cache");
    answerer =
        new Answerer(
            TenantReads.of(store.reads(), ReadLimits.DEFAULT, "default"),
            SegmentCache.of(MAX_BYTES, 0));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @RepeatedTest(3)
  void answers_areExact_whateverOfThemIsKept_whileEventsArrive() throws SQLException {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<TestEvent> events = new ArrayList<>(RandomEvents.of(random, 2_000));
    RandomStore filled = new RandomStore(random, store.store());
    filled.add(events, 400);
    List<Question> questions =
        Stream.generate(() -> RandomQuestions.of(random)).limit(QUESTIONS).toList();
    for (int round = 0; round < ROUNDS; round++) {
      for (int time = 0; time < TIMES; time++) {
        for (Question question : questions) {
          String context = "seed " + seed + " round " + round + " time " + time + " " + question;
          check(context, question, events, round > 0 && time == 0);
        }
      }
      List<TestEvent> more = ofOneDay(random);
      filled.add(more, 10);
      events.addAll(more);
    }
    assertThat(kept).as("rows kept, of %s read, seed %s", read, seed).isGreaterThan(read / 10);
    assertThat(keptInSpiteOfEvents).as("of other days, seed " + seed).isPositive();
  }

  private void check(
      String context, Question question, List<TestEvent> events, boolean eventsHaveArrived) {
    Answer answer =
        Objects.requireNonNull(
                answerer
                    .answer(question, Optional.empty(), Requirements.NONE, PATIENCE)
                    .block(PATIENCE))
            .answer();
    AnswerCheck.check(context, question, answer, events);
    var summary = answer.asked().summary();
    read += summary.bucketRows() + summary.deltaRows() + summary.eventRows();
    kept += summary.keptRows();
    keptInSpiteOfEvents += eventsHaveArrived ? summary.keptRows() : 0;
  }

  private static List<TestEvent> ofOneDay(Random random) {
    long day = RandomEvents.START + random.nextInt(RandomEvents.DAYS) * RandomEvents.DAY;
    return RandomEvents.of(random, 100).stream()
        .filter(event -> Math.floorDiv(event.occurredAtMicros() - day, RandomEvents.DAY) == 0)
        .toList();
  }
}
