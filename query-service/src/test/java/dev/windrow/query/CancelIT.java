package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.runtime.error.WindrowException;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import io.grpc.Status;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class CancelIT {
  private static final int CANCELS = Integer.getInteger("windrow.test.cancels", 400);
  private static final int POOL_SIZE = 4;
  private static final String NAME = "cancel-test";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private TestDatabase database;
  private ConnectionPool pool;
  private SnapshotReads reads;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    pool = QueryHarness.pool(database, NAME, POOL_SIZE);
    reads = new SnapshotReads(pool);
  }

  @AfterEach
  void close() {
    pool.dispose();
    database.close();
  }

  @Test
  void cancel_whileAStatementRuns_stopsItWithinASecond() {
    Disposable call = reads.read(session -> sum(session, "SELECT pg_sleep(30)::text")).subscribe();
    await().atMost(PATIENCE).until(() -> active() == 1);
    call.dispose();
    await().atMost(Duration.ofSeconds(1)).until(() -> active() == 0);
    assertHealthy();
  }

  @Test
  void cancel_whileRowsStream_stopsThemAndTheConnectionIsGoodAgain() throws Exception {
    CountDownLatch streaming = new CountDownLatch(1);
    Disposable call =
        reads
            .read(
                session ->
                    session.forEach(
                        "SELECT generate_series(1, 100000000)::text",
                        statement -> statement,
                        row -> streaming.countDown()))
            .subscribe();
    assertThat(streaming.await(10, TimeUnit.SECONDS)).isTrue();
    call.dispose();
    await().atMost(Duration.ofSeconds(1)).until(() -> active() == 0);
    assertHealthy();
  }

  @Test
  void consumer_thatThrows_endsTheReadWithItsError() {
    Mono<Void> read =
        reads.read(
            session ->
                session.forEach(
                    "SELECT generate_series(1, 100000000)::text",
                    statement -> statement,
                    row -> {
                      throw new IllegalStateException("enough");
                    }));
    assertThat(read.materialize().block(PATIENCE))
        .satisfies(
            signal ->
                assertThat(signal.getThrowable())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("enough"));
    assertThat(active()).isZero();
    assertHealthy();
  }

  @Test
  void strayCancel_ofAStatementNotOurs_isRetriedOnce() {
    AtomicLong attempts = new AtomicLong();
    Mono<Long> read =
        reads.read(
            session ->
                attempts.incrementAndGet() == 1
                    ? session
                        .forEach(
                            "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5)::text",
                            statement -> statement,
                            row -> {})
                        .thenReturn(0L)
                    : sum(session, "SELECT '7'"));
    assertThat(read.block(PATIENCE)).isEqualTo(7);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void answer_thatNobodyHasRequestedYet_isNotLost() {
    StepVerifier.create(reads.read(session -> sum(session, "SELECT '7'")), 0)
        .expectSubscription()
        // The connection is back when all of the read is over.
        .then(
            () ->
                await()
                    .atMost(PATIENCE)
                    .until(() -> pool.getMetrics().orElseThrow().idleSize() == 1))
        .thenRequest(1)
        .expectNext(7L)
        .verifyComplete();
  }

  @Test
  void cancels_atRandomMoments_leaveThePoolWhole() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < CANCELS; i++) {
      String sql =
          switch (random.nextInt(3)) {
            case 0 -> "SELECT pg_sleep(0.02)::text";
            case 1 -> "SELECT generate_series(1, 20000)::text";
            default -> "SELECT '1'";
          };
      Disposable call = reads.read(session -> sum(session, sql)).subscribe(n -> {}, e -> {});
      busyWait(random.nextInt(6_000));
      call.dispose();
    }
    await("seed " + seed)
        .atMost(PATIENCE)
        .until(() -> pool.getMetrics().orElseThrow().acquiredSize() == 0);
    assertThat(active()).as("seed " + seed).isZero();
    assertHealthy();
    assertThat(pool.getMetrics().orElseThrow().allocatedSize()).isLessThanOrEqualTo(POOL_SIZE);
  }

  @Test
  void read_whileAllConnectionsAreInUse_isToldSo_andTheNextSucceeds() {
    ConnectionPool small = QueryHarness.pool(database, NAME, 1, Duration.ofMillis(100));
    try {
      SnapshotReads few = new SnapshotReads(small);
      Disposable call = few.read(session -> sum(session, "SELECT pg_sleep(30)::text")).subscribe();
      await().atMost(PATIENCE).until(() -> active() == 1);
      StepVerifier.create(few.read(session -> sum(session, "SELECT '1'")))
          .expectErrorSatisfies(
              error ->
                  assertThat(error)
                      .isInstanceOfSatisfying(
                          WindrowException.class,
                          told -> {
                            assertThat(told.failure().code())
                                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                            assertThat(told.failure().reason()).isEqualTo("OVERLOADED");
                          }))
          .verify(PATIENCE);
      call.dispose();
      await().atMost(PATIENCE).until(() -> small.getMetrics().orElseThrow().acquiredSize() == 0);
      assertThat(few.read(session -> sum(session, "SELECT '7'")).block(PATIENCE)).isEqualTo(7);
    } finally {
      small.dispose();
    }
  }

  private void assertHealthy() {
    for (int i = 0; i < 20; i++) {
      assertThat(reads.read(session -> sum(session, "SELECT '42'")).block(PATIENCE)).isEqualTo(42);
    }
  }

  private static Mono<Long> sum(ReadSession session, String sql) {
    return Mono.defer(
        () -> {
          AtomicLong sum = new AtomicLong();
          return session
              .forEach(
                  sql,
                  statement -> statement,
                  row -> {
                    String text = row.get(0, String.class);
                    sum.addAndGet(text == null || text.isEmpty() ? 0 : Long.parseLong(text));
                  })
              .then(Mono.fromSupplier(sum::get));
        });
  }

  private long active() {
    return QueryHarness.number(
        database,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = '"
            + NAME
            + "' AND state = 'active'");
  }

  // Finer than a sleep, and the point is to hit every phase of a call.
  private static void busyWait(int micros) {
    long end = System.nanoTime() + micros * 1000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
