package dev.windrow.query.answer;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ExactAnswersIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 150);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SummaryReader reader = new SummaryReader(ReadLimits.DEFAULT);
  private TestDatabase database;
  private ConnectionPool pool;
  private SnapshotReads reads;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    DatabaseSettings settings =
        new DatabaseSettings(
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password());
    pool = ReadPool.of(settings.connectionFactory("exact-answers"), 2);
    reads = new SnapshotReads(pool);
  }

  @AfterEach
  void close() {
    pool.dispose();
    database.close();
  }

  @Test
  void everyLegalPlan_ofRandomQuestions_saysWhatTheEventsSay() throws SQLException {
    long seed = System.nanoTime();
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

  private List<Answer> answers(Question question) {
    return Objects.requireNonNull(
        reads
            .read(
                session ->
                    SelectSnapshot.read(session, "default", PATIENCE)
                        .flatMap(
                            facts ->
                                SelectRollups.read(session, facts.tenantId())
                                    .flatMap(
                                        catalog -> answers(session, question, facts, catalog))))
            .block(PATIENCE));
  }

  private Mono<List<Answer>> answers(
      dev.windrow.runtime.sql.ReadSession session,
      Question question,
      SnapshotFacts facts,
      RollupCatalog catalog) {
    List<WindowPlan> plans = new ArrayList<>(Planner.legalPlans(question, catalog));
    plans.add(Planner.plan(question, catalog));
    return Flux.fromIterable(plans)
        .concatMap(
            plan ->
                reader
                    .read(session, facts.tenantId(), question, plan)
                    .map(summary -> Answer.of(question, facts, plan, summary)))
        .collectList();
  }

  private List<TestEvent> write(Random random) throws SQLException {
    RollupCatalog catalog =
        Objects.requireNonNull(
            reads.read(session -> SelectRollups.read(session, 1)).block(PATIENCE));
    TestStore store = new TestStore(database, catalog.active());
    List<TestEvent> events = RandomEvents.of(random, 3000);
    store.writeCompacted(1, events.subList(0, 2000));
    long batch = 2;
    for (List<TestEvent> flush : TestStore.pieces(events.subList(2000, 3000), 250)) {
      store.writeLive(batch++, flush);
    }
    return events;
  }
}
