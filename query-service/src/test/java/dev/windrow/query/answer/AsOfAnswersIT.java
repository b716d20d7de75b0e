package dev.windrow.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.asof.SelectDisturbance;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.Estimate;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RatedPlan;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.ReadStore;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.worth.Position;
import dev.windrow.runtime.sql.ReadSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every legal plan of a question as of an earlier answer says what that answer said, whatever came
 * and was folded and compacted since.
 */
class AsOfAnswersIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 25);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SummaryReader reader = new SummaryReader(ReadLimits.DEFAULT);
  private ReadStore store;
  private int mixedPlans;

  @BeforeEach
  void open() {
    store = new ReadStore("as-of-answers");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @RepeatedTest(3)
  void everyLegalPlan_asOfAnEarlierAnswer_saysWhatThatSaid() throws SQLException {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    RandomStore filled = new RandomStore(random, store.store());
    filled.add(RandomEvents.of(random, 2000), 400);
    List<Question> questions =
        Stream.generate(() -> RandomQuestions.of(random)).limit(QUESTIONS).toList();
    List<Answer> first = questions.stream().map(this::now).toList();
    for (int round = 0; round < 2; round++) {
      filled.add(late(random), 5);
      for (int i = 0; i < QUESTIONS; i++) {
        String context = "seed " + seed + " round " + round + " question " + i + " ";
        for (Answer again : asOf(first.get(i))) {
          assertThat(again.rows()).as(context + again.plan()).isEqualTo(first.get(i).rows());
        }
      }
    }
    List<Answer> now = questions.stream().map(this::now).toList();
    assertThat(now.stream().map(Answer::rows)).isNotEqualTo(first.stream().map(Answer::rows));
    assertThat(mixedPlans).as("plans with buckets around what is disturbed").isPositive();
  }

  /** Batches that lie close together in time, so that something is left undisturbed. */
  private static List<TestEvent> late(Random random) {
    List<TestEvent> events = new ArrayList<>(RandomEvents.of(random, 3 + random.nextInt(40)));
    events.sort(Comparator.comparingLong(TestEvent::occurredAtMicros));
    return events;
  }

  private Answer now(Question question) {
    return read(session ->
            SelectSnapshot.read(session, "default", PATIENCE)
                .flatMap(
                    facts ->
                        chosen(session, question, facts, Disturbance.none())
                            .flatMap(choice -> answer(session, question, facts, choice))
                            .map(List::of)))
        .get(0);
  }

  private List<Answer> asOf(Answer earlier) {
    var position = new Position.OfSnapshot(earlier.facts().position());
    Question question = earlier.question();
    return read(
        session ->
            SelectSnapshot.read(session, "default", PATIENCE)
                .flatMap(
                    facts ->
                        SelectDisturbance.read(
                                session, facts.tenantId(), question.window(), Optional.of(position))
                            .flatMap(found -> answers(session, question, facts, found))));
  }

  private Mono<List<Answer>> answers(
      ReadSession session, Question question, SnapshotFacts facts, Disturbance disturbance) {
    return SelectRollups.read(session, facts.tenantId(), CatalogScope.ofLegalPlans(question))
        .map(catalog -> Planner.legalPlans(question, catalog, disturbance))
        .zipWhen(
            legal -> chosen(session, question, facts, disturbance),
            (legal, chosen) ->
                Stream.concat(legal.stream().map(AsOfAnswersIT::only), Stream.of(chosen)))
        .flatMapMany(Flux::fromStream)
        .doOnNext(choice -> mixedPlans += isMixed(choice.plan()) ? 1 : 0)
        .concatMap(choice -> answer(session, question, facts, choice))
        .collectList();
  }

  private Mono<PlanChoice> chosen(
      ReadSession session, Question question, SnapshotFacts facts, Disturbance disturbance) {
    return SelectRollups.read(session, facts.tenantId(), CatalogScope.ofPlan(question, disturbance))
        .map(catalog -> Planner.choose(question, catalog, StoreStatistics.unknown(), disturbance));
  }

  private Mono<Answer> answer(
      ReadSession session, Question question, SnapshotFacts facts, PlanChoice choice) {
    return reader
        .read(session, facts.tenantId(), question, choice.plan())
        .map(summary -> Answer.of(question, facts, choice, summary));
  }

  private static boolean isMixed(WindowPlan plan) {
    return !plan.disturbance().isNone() && !plan.bucketSegments().isEmpty();
  }

  private static PlanChoice only(WindowPlan plan) {
    return new PlanChoice(new RatedPlan(plan, new Estimate(0, 0, 0)), List.of());
  }

  private <T> List<T> read(Function<ReadSession, Mono<List<T>>> read) {
    return Objects.requireNonNull(store.reads().read(read).block(PATIENCE));
  }
}
