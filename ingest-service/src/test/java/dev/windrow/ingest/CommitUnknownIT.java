package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.migrations.testing.AtCommit;
import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.migrations.testing.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A COMMIT was sent, and its answer does not come. */
class CommitUnknownIT {
  private static final int CUTS = Integer.getInteger("windrow.test.cuts", 100);
  private static final int PRODUCERS = 4;
  private static final int CALLERS = 2;

  private TcpProxy proxy;
  private IngestHarness harness;

  @BeforeEach
  void start() {
    TestDatabase database = TestDatabase.create();
    proxy = new TcpProxy(database.host(), database.port(), true);
    // The compactor commits, too; these tests are about flushes.
    Map<String, String> settings =
        IngestHarness.settings(database, "WINDROW_COMPACTION_PAUSE", "PT1H");
    settings.put("WINDROW_DB_HOST", "localhost");
    settings.put("WINDROW_DB_PORT", Integer.toString(proxy.port()));
    harness = IngestHarness.startOn(database, settings);
    harness.awaitServing();
    // What a first flush registers, and the compactor's first round, are behind us.
    harness.stub().append(plain("first"));
  }

  @AfterEach
  void stop() {
    proxy.atCommit(() -> AtCommit.PASS);
    proxy.releaseCommits();
    harness.close();
    proxy.close();
  }

  private static AppendRequest plain(String type) {
    return AppendRequest.newBuilder()
        .addEvents(IngestHarness.event("2001-01-01T00:00:00Z").setType(type))
        .build();
  }

  private static AppendRequest numbered(String producer, long sequence) {
    return plain(producer).toBuilder().setProducerId(producer).setSequence(sequence).build();
  }

  /** The next COMMIT meets this, those behind it pass. */
  private void once(AtCommit fate) {
    AtomicInteger left = new AtomicInteger(1);
    proxy.atCommit(() -> left.getAndDecrement() > 0 ? fate : AtCommit.PASS);
  }

  private long stored(String type) {
    return harness.number("SELECT count(*) FROM events WHERE type = '" + type + "'");
  }

  @Test
  void commit_whoseAnswerIsLost_isAcknowledged() {
    once(AtCommit.LOSE_ANSWER);

    AppendResponse response = harness.stub().append(plain("answer"));

    assertThat(response.getStoredCount()).isEqualTo(1);
    assertThat(harness.number("SELECT batch_id FROM events WHERE type = 'answer'"))
        .isEqualTo(Long.parseLong(response.getPosition()));
  }

  @Test
  void commit_thatIsLost_isFlushedAgain() {
    once(AtCommit.LOSE_COMMIT);

    assertThat(harness.stub().append(plain("lost")).getStoredCount()).isEqualTo(1);
    assertThat(stored("lost")).isEqualTo(1);
  }

  @Test
  void commit_thatArrivesLate_isAcknowledgedThen() throws Exception {
    once(AtCommit.DELAY_COMMIT);
    ListenableFuture<AppendResponse> answer =
        IngestServiceGrpc.newFutureStub(harness.channel).append(plain("late"));
    await().until(() -> proxy.delayedCommits() == 1);

    proxy.releaseCommits();

    assertThat(answer.get(20, TimeUnit.SECONDS).getStoredCount()).isEqualTo(1);
    assertThat(stored("late")).isEqualTo(1);
  }

  @Test
  void commit_thatStaysUnknown_isUnavailable_andCountsOnceWhenRepeated() {
    once(AtCommit.DELAY_COMMIT);
    assertThatThrownBy(() -> harness.stub().append(numbered("unknown", 1)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    assertThat(stored("unknown")).isZero();

    proxy.releaseCommits();
    AppendResponse repeated =
        await()
            .atMost(Duration.ofSeconds(30))
            .ignoreException(StatusRuntimeException.class)
            .until(() -> harness.stub().append(numbered("unknown", 1)), answer -> true);

    assertThat(repeated.getDuplicateRequest()).isTrue();
    assertThat(repeated.getStoredCount()).isEqualTo(1);
    assertThat(stored("unknown")).isEqualTo(1);
  }

  /** R3: cut after COMMIT is sent, before its answer, under load. */
  @Test
  void commits_cutUnderLoad_loseNothingAndDoubleNothing() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    AtomicInteger cuts = new AtomicInteger();
    Supplier<AtCommit> oneInThree =
        () -> {
          synchronized (random) {
            return cuts.get() < CUTS && random.nextInt(3) == 0 && cuts.incrementAndGet() > 0
                ? AtCommit.LOSE_ANSWER
                : AtCommit.PASS;
          }
        };
    List<ResumingProducer> producers = new ArrayList<>();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    AtomicLong calls = new AtomicLong();
    for (int i = 0; i < PRODUCERS; i++) {
      ResumingProducer producer = new ResumingProducer(harness.server.port(), "producer-" + i);
      producers.add(producer);
      ends.add(CompletableFuture.runAsync(producer, task -> new Thread(task).start()));
    }
    for (int i = 0; i < CALLERS; i++) {
      String caller = "caller-" + i;
      ends.add(
          CompletableFuture.runAsync(
              () -> call(caller, cuts, calls), task -> new Thread(task).start()));
    }
    try {
      proxy.atCommit(oneInThree);
      await().atMost(Duration.ofSeconds(20 + CUTS)).until(() -> cuts.get() == CUTS);
      producers.forEach(ResumingProducer::stop);
      for (CompletableFuture<Void> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }
    } finally {
      producers.forEach(ResumingProducer::stop);
    }
    report(producers, calls.get(), cuts.get(), seed);
  }

  // Without a sequence or ids: nothing but the truth about each COMMIT keeps these from being lost
  // or
  // doubled, for they are not repeated.
  private void call(String caller, AtomicInteger cuts, AtomicLong calls) {
    for (int number = 0; cuts.get() < CUTS; number++) {
      AppendRequest.Builder request = plain("kill").toBuilder();
      request.getEventsBuilder(0).setEntityId(caller).setValue((double) number);
      assertThat(harness.stub().append(request.build()).getStoredCount()).isEqualTo(1);
      calls.incrementAndGet();
    }
  }

  private void report(List<ResumingProducer> producers, long calls, int cuts, long seed) {
    long sent = producers.stream().mapToLong(ResumingProducer::sent).sum();
    long acked = producers.stream().mapToLong(ResumingProducer::acknowledged).sum();
    long expected = sent * ResumingProducer.BATCH + calls;
    long rows = stored("kill");
    long distinct =
        harness.number("SELECT count(DISTINCT (entity_id, value)) FROM events WHERE type = 'kill'");
    System.out.printf(
        "R3 cuts=%d sent=%d acked=%d rows=%d lost=%d dup=%d seed=%d%n",
        cuts,
        expected,
        acked * ResumingProducer.BATCH + calls,
        rows,
        expected - distinct,
        rows - distinct,
        seed);
    assertThat(acked).isEqualTo(sent);
    assertThat(distinct).as("distinct events, seed %d", seed).isEqualTo(expected);
    assertThat(rows).as("events, seed %d", seed).isEqualTo(expected);
    Invariant.check(harness.database);
  }
}
