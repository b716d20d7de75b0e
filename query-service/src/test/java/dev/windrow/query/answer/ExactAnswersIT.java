package dev.windrow.query.answer;

import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Estimate;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RatedPlan;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.RecentStatistics;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.ReadStore;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.runtime.sql.ReadSession;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ExactAnswersIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 40);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecentStatistics statistics = new RecentStatistics(System::nanoTime);
  private final SummaryReader reader = new SummaryReader(ReadLimits.DEFAULT);
  private ReadStore store;

  @BeforeEach
  void open() {
    store = new ReadStore("exact-answers");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @RepeatedTest(3)
  void everyLegalPlan_ofRandomQuestions_saysWhatTheEventsSay() throws SQLException {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    List<TestEvent> events = write(random);
    for (int i = 0; i < QUESTIONS; i++) {
      String context = "seed " + seed + " question " + i;
      Question question = RandomQuestions.of(random);
      for (Answer answer : answers(question)) {
        AnswerCheck.check(
            context + " " + question + " by " + answer.plan(), question, answer, events);
      }
    }
  }

  /** By every legal plan, and by the one that would be chosen from what it is chosen from. */
  private List<Answer> answers(Question question) {
    return Objects.requireNonNull(
        store
            .reads()
            .read(
                session ->
                    SelectSnapshot.read(session, "default", PATIENCE)
                        .flatMap(facts -> answers(session, question, facts)))
            .block(PATIENCE));
  }

  private Mono<List<Answer>> answers(ReadSession session, Question question, SnapshotFacts facts) {
    Mono<List<PlanChoice>> legal =
        SelectRollups.read(session, facts.tenantId(), CatalogScope.ofLegalPlans(question))
            .map(catalog -> Planner.legalPlans(question, catalog))
            .map(plans -> plans.stream().map(ExactAnswersIT::only).toList());
    Mono<PlanChoice> chosen =
        SelectRollups.read(session, facts.tenantId(), CatalogScope.ofPlan(question))
            .zipWhen(catalog -> statistics.get(session, facts.tenantId()))
            .map(known -> Planner.choose(question, known.getT1(), known.getT2()));
    return legal
        .zipWhen(plans -> chosen, (plans, last) -> Stream.concat(plans.stream(), Stream.of(last)))
        .flatMapMany(Flux::fromStream)
        .concatMap(
            choice ->
                reader
                    .read(session, facts.tenantId(), question, choice.plan())
                    .map(summary -> Answer.of(question, facts, choice, summary)))
        .collectList();
  }

  private static PlanChoice only(WindowPlan plan) {
    return new PlanChoice(new RatedPlan(plan, new Estimate(0, 0, 0)), List.of());
  }

  private List<TestEvent> write(Random random) throws SQLException {
    List<TestEvent> events = RandomEvents.of(random, 3000);
    RandomStore.fill(random, store.store(), events);
    return events;
  }
}
