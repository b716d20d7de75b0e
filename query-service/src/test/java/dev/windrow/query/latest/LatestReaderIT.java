package dev.windrow.query.latest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Horizons;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.testing.Oracle;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomQuestions;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.ReadStore;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import reactor.core.publisher.Mono;

/**
 * By every legal plan, whatever rows know, page by page, now and as of before: what the events say.
 */
class LatestReaderIT {
  private static final int QUESTIONS = Integer.getInteger("windrow.test.questions", 25);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ReadStore store;

  @BeforeEach
  void open() {
    store = new ReadStore("latest");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @RepeatedTest(3)
  void pages_ofRandomQuestions_sayWhatTheEventsSay() throws SQLException {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    fill(random);
    List<StoredEvents.Stored> events = StoredEvents.read(store.database());
    for (int i = 0; i < QUESTIONS; i++) {
      LatestQuestion question = question(random);
      long batches = random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(20);
      LatestReader reader = new LatestReader(ReadLimits.DEFAULT, random.nextInt(2) * 1_000);
      int size = 1 + random.nextInt(50);
      Map<Pair, LatestEvent> expected = newest(question, events, batches);
      for (Map<Pair, LatestEvent> told : byEveryPlan(reader, question, size, batches)) {
        assertThat(told)
            .as("seed %d, question %d, as of batch %d: %s", seed, i, batches, question)
            .isEqualTo(expected);
      }
    }
  }

  private void fill(Random random) throws SQLException {
    RandomStore.fill(random, store.store(), RandomEvents.of(random, 200 + random.nextInt(2_500)));
    // Any row may be from before rows knew their newest event.
    double part = List.of(0.0, 0.3, 1.0).get(random.nextInt(3));
    try (Connection connection = store.database().connect();
        Statement statement = connection.createStatement()) {
      for (String table : List.of("rollup_buckets", "rollup_deltas")) {
        statement.execute("UPDATE " + table + " SET latest = NULL WHERE random() < " + part);
      }
    }
  }

  private static LatestQuestion question(Random random) {
    Question like = RandomQuestions.of(random);
    TimeRange window = random.nextInt(3) == 0 ? LatestQuestion.ALL_TIME : like.window();
    return new LatestQuestion(window, false, like.filter(), Requirements.NONE, true);
  }

  private static Map<Pair, LatestEvent> newest(
      LatestQuestion question, List<StoredEvents.Stored> events, long batches) {
    Map<Pair, LatestEvent> newest = new TreeMap<>();
    Filter filter = question.filter();
    for (StoredEvents.Stored event : events) {
      if (event.latest().batchId() <= batches
          && question.window().contains(event.latest().occurredAtMicros())
          && Oracle.holds(filter, event.event())) {
        newest.merge(
            new Pair(event.event().type(), event.event().entityId()),
            event.latest(),
            (a, b) -> a.compareTo(b) > 0 ? a : b);
      }
    }
    return newest;
  }

  private List<Map<Pair, LatestEvent>> byEveryPlan(
      LatestReader reader, LatestQuestion question, int size, long batches) {
    return Objects.requireNonNull(
        store
            .reads()
            .read(
                session ->
                    SelectSnapshot.read(session, "default", PATIENCE)
                        .then(plans(session, question))
                        .flatMapIterable(plans -> plans)
                        .concatMap(plan -> pages(session, reader, question, plan, size, batches))
                        .collectList())
            .block(PATIENCE));
  }

  private static Mono<List<WindowPlan>> plans(ReadSession session, LatestQuestion question) {
    Question planned = question.planned();
    return Mono.defer(
        () ->
            SelectRollups.read(session, 1, CatalogScope.ofLegalPlans(planned))
                .map(catalog -> Planner.legalPlans(planned, catalog)));
  }

  private Mono<Map<Pair, LatestEvent>> pages(
      ReadSession session,
      LatestReader reader,
      LatestQuestion question,
      WindowPlan plan,
      int size,
      long batches) {
    Map<Pair, LatestEvent> told = new TreeMap<>();
    Optional<LatestPageToken> first =
        batches == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(new LatestPageToken(new Pair("", ""), snapshotAfter(batches)));
    String pinned = first.map(LatestPageToken::snapshot).orElseGet(() -> snapshotAfter(batches));
    return pages(
            session,
            reader,
            new LatestScope(1, plan, question.filter(), first, Horizons.none()),
            size,
            pinned,
            told)
        .thenReturn(told);
  }

  private static Mono<Void> pages(
      ReadSession session,
      LatestReader reader,
      LatestScope scope,
      int size,
      String pinned,
      Map<Pair, LatestEvent> told) {
    return reader
        .read(session, scope, size)
        .flatMap(
            found -> {
              List<Pair> pairs = found.pairs().pairs();
              pairs.forEach(
                  pair -> found.pairs().newest(pair).ifPresent(event -> told.put(pair, event)));
              assertThat(pairs.size()).isLessThanOrEqualTo(size);
              if (!found.more()) {
                return Mono.empty();
              }
              LatestPageToken next = new LatestPageToken(pairs.get(pairs.size() - 1), pinned);
              return pages(
                  session,
                  reader,
                  new LatestScope(
                      1, scope.plan(), scope.filter(), Optional.of(next), Horizons.none()),
                  size,
                  pinned,
                  told);
            });
  }

  /** Sees what was written up to this batch, each of which is a transaction. */
  private String snapshotAfter(long batch) {
    long next =
        QueryHarness.number(
            store.database(),
            "SELECT coalesce((SELECT xact_id FROM ingest_batches WHERE batch_id = "
                + (batch == Long.MAX_VALUE ? -1 : batch + 1)
                + "), pg_snapshot_xmax(pg_current_snapshot()))::text::bigint");
    return next + ":" + next + ":";
  }
}
