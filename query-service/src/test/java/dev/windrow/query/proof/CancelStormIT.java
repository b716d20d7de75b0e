package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Answerer;
import dev.windrow.query.grpc.Questions;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.worth.Requirements;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Proof R5: however many questions are given up at whatever moment, the pool stays whole. */
class CancelStormIT {
  private static final int DISPOSES = Integer.getInteger("windrow.test.disposes", 3_000);
  private static final int POOL_SIZE = 4;
  // More than there are connections: some are given up while they wait for one.
  private static final int AT_ONCE = 6;
  private static final int MOST_MICROS_BETWEEN = 2_500;
  private static final int CHECKS = 20;
  private static final String NAME = "cancel-storm";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void questions_givenUpAtRandomMoments_leaveThePoolWhole() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    try (QueryHarness harness = QueryHarness.start(Map.of())) {
      RandomStore.fill(random, harness.store(), RandomEvents.of(random, 3_000));
      ConnectionPool pool = QueryHarness.pool(harness.database(), NAME, POOL_SIZE);
      try {
        storm(harness, pool, random, seed);
      } finally {
        pool.dispose();
      }
    }
  }

  private static void storm(QueryHarness harness, ConnectionPool pool, Random random, long seed)
      throws SQLException {
    Answerer answerer =
        new Answerer(
            TenantReads.of(new SnapshotReads(pool), ReadLimits.DEFAULT, "default"),
            SegmentCache.none());
    List<Question> questions = questions();
    List<List<AnswerRow>> expected = new ArrayList<>();
    questions.forEach(question -> expected.add(rows(answerer, question)));
    Flux.range(0, POOL_SIZE)
        .flatMap(i -> answer(answerer, questions.get(0)), POOL_SIZE)
        .blockLast(PATIENCE);
    Set<Integer> before = processes(harness);

    int finished = giveUp(answerer, questions, random);
    await("nothing acquired, seed " + seed).atMost(PATIENCE).until(() -> isIdle(pool));

    int fine = 0;
    long worst = 0;
    for (int i = 0; i < CHECKS; i++) {
      long begin = System.nanoTime();
      int which = i % questions.size();
      fine += rows(answerer, questions.get(which)).equals(expected.get(which)) ? 1 : 0;
      worst = Math.max(worst, System.nanoTime() - begin);
    }
    Set<Integer> after = processes(harness);
    int kept = (int) after.stream().filter(before::contains).count();
    System.out.printf(
        "R5 disposes=%d fine=%d/%d worst=%dms connections=%d kept=%d finished_before=%d seed=%d%n",
        DISPOSES, fine, CHECKS, worst / 1_000_000, after.size(), kept, finished, seed);
    assertThat(fine).as("seed %d", seed).isEqualTo(CHECKS);
    assertThat(after).as("seed %d", seed).hasSizeLessThanOrEqualTo(POOL_SIZE);
  }

  /**
   * Gives up so many questions that are not answered yet.
   *
   * @return how many were answered before their turn came
   */
  private static int giveUp(Answerer answerer, List<Question> questions, Random random) {
    List<Disposable> running = new ArrayList<>();
    int disposed = 0;
    int finished = 0;
    while (disposed < DISPOSES) {
      if (running.size() == AT_ONCE) {
        Disposable call = running.remove(random.nextInt(AT_ONCE));
        if (call.isDisposed()) {
          finished++;
        } else {
          call.dispose();
          disposed++;
        }
      }
      Question question = questions.get(random.nextInt(questions.size()));
      running.add(answer(answerer, question).subscribe(rows -> {}, error -> {}));
      busyWait(random.nextInt(MOST_MICROS_BETWEEN));
    }
    running.forEach(Disposable::dispose);
    return finished;
  }

  private static boolean isIdle(ConnectionPool pool) {
    var metrics = pool.getMetrics().orElseThrow();
    return metrics.acquiredSize() == 0 && metrics.pendingAcquireSize() == 0;
  }

  private static List<AnswerRow> rows(Answerer answerer, Question question) {
    return Objects.requireNonNull(answer(answerer, question).block(PATIENCE));
  }

  private static Mono<List<AnswerRow>> answer(Answerer answerer, Question question) {
    return answerer
        .answer(question, Optional.empty(), Requirements.NONE, PATIENCE)
        .map(answered -> answered.answer().rows());
  }

  /** From buckets grouped by PostgreSQL, from sketches row by row, and from raw events. */
  private static List<Question> questions() {
    var percentile = Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(95);
    return List.of(
        question(request().addGroupBy("source").setInterval(Interval.INTERVAL_HOUR)),
        question(request().addGroupBy("entity_id").addMetrics(percentile)),
        question(request().addGroupBy("attributes.region")));
  }

  private static SummarizeRequest.Builder request() {
    var window =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromMicros(RandomEvents.START + 1))
            .setEndTime(Timestamps.fromMicros(RandomEvents.START + 3 * RandomEvents.DAY + 1));
    return SummarizeRequest.newBuilder().setWindow(window);
  }

  private static Question question(SummarizeRequest.Builder request) {
    return Questions.of(request.build(), MetricCatalog.empty());
  }

  private static Set<Integer> processes(QueryHarness harness) throws SQLException {
    Set<Integer> processes = new HashSet<>();
    String sql = "SELECT pid FROM pg_stat_activity WHERE application_name = '" + NAME + "'";
    try (Connection connection = harness.database().connect();
        ResultSet row = connection.createStatement().executeQuery(sql)) {
      while (row.next()) {
        processes.add(row.getInt(1));
      }
    }
    return processes;
  }

  // Finer than a sleep, and the point is to hit every phase of a call.
  private static void busyWait(int micros) {
    long end = System.nanoTime() + micros * 1000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
