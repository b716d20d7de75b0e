package dev.windrow.quickstart.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.answer.Answer;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Value;
import dev.windrow.query.grpc.Questions;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.Estimate;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RatedPlan;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.RecentStatistics;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.worth.NotKept;
import dev.windrow.quickstart.exactness.BruteForce.Expected;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.error.WindrowException;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadSession;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Proof R24: while four clients write, two lanes flush, deltas are compacted in small steps, and
 * connections of the ingest-service are killed at random, and jobs recompute all days, take events
 * back, add a rollup and retire it again and again: for random questions, every legal plan gives
 * the same answer, and that of brute force over the events of the same exported snapshot. At last
 * retention lets days of events go, then minutes and hours; answers are then about a part of their
 * window, or refused, and what is said of that part is what all events ever stored say.
 */
class ExactnessIT {
  private static final int WHOLE_PROOF = 1_000;
  private static final int WINDOWS = Integer.getInteger("windrow.test.windows", WHOLE_PROOF);
  private static final int CLIENTS = 4;
  private static final int WINDOWS_PER_CRASH = 25;
  // Of all windows, the last ones see retention.
  private static final int KEEPING_ALL = WINDOWS * 3 / 4;
  private static final int WINDOWS_PER_STEP = Math.max(1, WINDOWS / 40);

  private final RecentStatistics statistics = new RecentStatistics(System::nanoTime);
  private final AskedAgain askedAgain = new AskedAgain();
  private long plans;
  private int mixed;
  private int moved;
  private int narrowed;
  private int refused;
  private int steps;
  private long deleted;
  private String done = "";
  private String last = "";

  @Test
  void everyPlan_ofEveryQuestion_equalsBruteForceInTheSameSnapshot() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    System.out.printf("exactness: seed=%d%n", seed);
    Random random = new Random(seed);
    try (TestDatabase database = TestDatabase.create();
        IngestServer server = new IngestServer(IngestConfig.from(settings(database, random)))) {
      Receding.remember(database);
      server.start();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
      Semaphore permits = new Semaphore(40);
      List<Traffic> clients = new ArrayList<>();
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Traffic client = new Traffic(channel, "c" + i, i % 2 == 0, random.nextLong(), permits);
        clients.add(client);
        ends.add(CompletableFuture.runAsync(client, task -> new Thread(task).start()));
      }
      try {
        ask(database, random, permits, seed);
      } finally {
        clients.forEach(Traffic::stop);
      }
      for (CompletableFuture<Void> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
      long distinct = clients.stream().mapToLong(Traffic::distinct).sum();
      long tooOld = clients.stream().mapToLong(Traffic::refused).sum();
      checkEvents(database, distinct, tooOld, seed);
      System.out.printf(
          "R24 windows=%d plans=%d events=%d mixed=%d moved=%d %s crashes=%d retention=%d deleted=%d narrowed=%d not_kept=%d too_old=%d kept_rows=%d mismatches=0 seed=%d%n",
          WINDOWS,
          plans,
          distinct,
          mixed,
          moved,
          done,
          WINDOWS / WINDOWS_PER_CRASH,
          steps,
          deleted,
          narrowed,
          refused,
          tooOld,
          askedAgain.keptRows(),
          seed);
      // What is judged must be on the move, or nothing of it is proven.
      assertThat(mixed).as("windows with a delta and buckets").isGreaterThan(WINDOWS / 10);
      assertThat(moved).as("windows after a change").isGreaterThan(WINDOWS / 10);
      assertThat(narrowed).as("windows of which a part is gone").isPositive();
      assertThat(deleted).as("events that were deleted").isPositive();
      assertThat(askedAgain.keptRows()).as("rows that were kept and not read again").isPositive();
      channel.shutdownNow();
    }
  }

  private void ask(TestDatabase database, Random random, Semaphore permits, long seed)
      throws Exception {
    RandomQuestions questions = new RandomQuestions(random);
    PostgresqlConnection ours =
        Objects.requireNonNull(
            new DatabaseSettings(
                    database.host(),
                    database.port(),
                    database.name(),
                    database.user(),
                    database.password())
                .connectionFactory("exactness")
                .create()
                .block());
    try (Connection judge = database.connect();
        Connection admin = database.connect();
        Receding retention = new Receding(database, admin, WINDOWS_PER_STEP)) {
      judge.setAutoCommit(false);
      judge.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Upkeep upkeep = new Upkeep(admin, random);
      for (int window = 0; window < WINDOWS; window++) {
        if (window < KEEPING_ALL || retention.goOn()) {
          permits.release(3);
        }
        if (window % WINDOWS_PER_CRASH == WINDOWS_PER_CRASH - 1) {
          crash(admin);
        }
        if (window == KEEPING_ALL) {
          upkeep.createNoMore();
        }
        upkeep.goOn();
        SummarizeRequest request = askedAgain.orNext(questions, window);
        String what = "window " + window + ", seed " + seed + ": " + request;
        String snapshot = text(judge, "SELECT pg_export_snapshot()");
        List<Answer> answers =
            answers(ours, snapshot, Questions.of(request, MetricCatalog.empty()));
        if (!answers.isEmpty()) {
          SummarizeRequest part = answered(request, answers.get(0));
          String events = retention.steps() == 0 ? "events" : Receding.ALL_EVENTS;
          check(what, BruteForce.answer(judge, events, part), answers);
        }
        note(judge);
        judge.rollback();
      }
      steps = retention.steps();
      deleted = retention.deleted();
      check(upkeep);
    } finally {
      ours.close().block();
    }
  }

  private void check(Upkeep upkeep) throws SQLException {
    assertThat(upkeep.failures()).isEmpty();
    assertThat(upkeep.wrong()).as("rows that a recompute found to be wrong").isZero();
    StringBuilder all = new StringBuilder();
    for (String kind :
        List.of("recompute", "verify", "void_events", "create_rollup", "retire_rollup")) {
      long count = upkeep.done(kind);
      // In fewer windows there may not be time for all.
      assertThat(count > 0 || WINDOWS < WHOLE_PROOF).as(kind).isTrue();
      all.append(all.isEmpty() ? "" : " ").append(kind).append('=').append(count);
    }
    done = all.toString();
  }

  /** The question about the part of its window that an answer is about. */
  private SummarizeRequest answered(SummarizeRequest request, Answer answer) {
    TimeRange window = answer.question().window();
    SummarizeRequest part =
        request.toBuilder()
            .setWindow(
                TimeWindow.newBuilder()
                    .setStartTime(Timestamps.fromMicros(window.fromMicros()))
                    .setEndTime(Timestamps.fromMicros(window.toMicros())))
            .build();
    narrowed += part.getWindow().equals(request.getWindow()) ? 0 : 1;
    return part;
  }

  /** How much of the store is delta and buckets in this snapshot, and whether it has changed. */
  private void note(Connection judge) throws SQLException {
    String state =
        text(
            judge,
            "SELECT ((EXISTS (SELECT FROM rollup_deltas) OR EXISTS (SELECT FROM unfolded_batches))"
                + " AND EXISTS (SELECT FROM rollup_buckets))::text || (SELECT count(*) FROM"
                + " ingest_batches) || ' ' || (SELECT count(*) FROM rollup_deltas)");
    mixed += state.startsWith("t") ? 1 : 0;
    moved += state.equals(last) ? 0 : 1;
    last = state;
  }

  private List<Answer> answers(
      PostgresqlConnection connection, String snapshot, Question question) {
    SummaryReader reader = new SummaryReader(ReadLimits.DEFAULT);
    ReadSession session = ReadSession.on(connection);
    Mono<List<Answer>> answers =
        execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .then(execute(connection, "SET TRANSACTION SNAPSHOT '" + snapshot + "'"))
            .then(SelectSnapshot.read(session, "default", Duration.ofMinutes(1)))
            .flatMap(
                facts ->
                    SelectRollups.read(
                            session, facts.tenantId(), CatalogScope.ofLegalPlans(question))
                        .map(catalog -> catalog.kept(facts.horizons()))
                        .zipWhen(catalog -> statistics.get(session, facts.tenantId()))
                        .flatMap(
                            known -> {
                              Question kept =
                                  NotKept.narrow(
                                      question, known.getT1(), Disturbance.none(), false);
                              return Flux.fromIterable(plans(kept, known.getT1(), known.getT2()))
                                  .concatMap(
                                      choice ->
                                          reader
                                              .read(session, facts.tenantId(), kept, choice.plan())
                                              .map(
                                                  summary ->
                                                      Answer.of(kept, facts, choice, summary)))
                                  .concatWith(
                                      askedAgain.answers(
                                          session, facts, kept, known.getT1(), known.getT2()))
                                  .collectList();
                            }))
            .onErrorResume(WindrowException.class, this::notKept);
    List<Answer> all = Objects.requireNonNull(answers.block(Duration.ofMinutes(2)));
    execute(connection, "ROLLBACK").block(Duration.ofSeconds(10));
    plans += all.size();
    return all;
  }

  private Mono<List<Answer>> notKept(WindrowException error) {
    if (!error.failure().reason().equals("WINDOW_NOT_KEPT")) {
      return Mono.error(error);
    }
    refused++;
    return Mono.just(List.of());
  }

  /** Every legal plan, and the one that would be chosen. */
  private static List<PlanChoice> plans(
      Question question, RollupCatalog catalog, StoreStatistics statistics) {
    List<PlanChoice> plans = new ArrayList<>();
    for (WindowPlan plan : Planner.legalPlans(question, catalog)) {
      plans.add(new PlanChoice(new RatedPlan(plan, new Estimate(0, 0, 0)), List.of()));
    }
    plans.add(Planner.choose(question, catalog, statistics));
    return plans;
  }

  private static void check(String what, Map<String, Expected> expected, List<Answer> answers) {
    List<AnswerRow> first = answers.get(0).rows();
    for (Answer answer : answers) {
      assertThat(answer.rows())
          .as("%s%nplan %s%nagainst plan %s", what, answer.plan(), answers.get(0).plan())
          .isEqualTo(first);
    }
    Map<String, AnswerRow> ours = new HashMap<>();
    for (AnswerRow row : first) {
      ours.put(BruteForce.key(row.window().fromMicros(), row.group().values()), row);
    }
    if (expected.isEmpty() && ours.size() == 1) {
      // A question without groups and intervals has a row even where there is nothing.
      assertThat(first.get(0).values().get(0)).as(what).isEqualTo(Value.of(0));
      return;
    }
    assertThat(ours.keySet()).as(what).isEqualTo(expected.keySet());
    expected.forEach(
        (key, row) ->
            Agreement.check(
                what + " row " + key, row, Objects.requireNonNull(ours.get(key)).values()));
  }

  private static void checkEvents(TestDatabase database, long distinct, long tooOld, long seed)
      throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT attributes ->> 'n') FROM (SELECT attributes FROM"
                    + " all_events UNION ALL SELECT event -> 'attributes' FROM voided_events) AS every")) {
      row.next();
      assertThat(row.getLong(2))
          .as("different events, seed %d", seed)
          .isBetween(distinct - tooOld, distinct)
          .isEqualTo(row.getLong(1));
    }
  }

  /** Ends the connections of lanes and compactor, whatever they are doing. */
  private static void crash(Connection admin) throws SQLException {
    text(
        admin,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name ="
            + " 'windrow-ingest' AND datname = current_database() AND random() < 0.7");
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Mono<Void> execute(PostgresqlConnection connection, String sql) {
    return Mono.defer(
        () ->
            Flux.from(connection.createStatement(sql).execute())
                .flatMap(result -> result.getRowsUpdated())
                .then());
  }

  private static Settings settings(TestDatabase database, Random random) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_MAX_EVENT_AGE", "P36500D");
    settings.put("WINDROW_RETENTION_RAW", "PT0S");
    settings.put("WINDROW_RETENTION_MINUTE", "PT0S");
    settings.put("WINDROW_RETENTION_HOUR", "PT0S");
    settings.put("WINDROW_LANES", "2");
    settings.put("WINDROW_FLUSH_EVENTS", Integer.toString(1 + random.nextInt(60)));
    settings.put("WINDROW_COMPACTION_PAUSE", "PT0.02S");
    // Hears of it when days go.
    settings.put("WINDROW_RETENTION_PAUSE", "PT0.2S");
    settings.put("WINDROW_COMPACTION_ROWS", Integer.toString(20 + random.nextInt(100)));
    return new Settings(settings);
  }
}
