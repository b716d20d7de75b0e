package dev.windrow.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import dev.windrow.runtime.job.JobSettings;
import dev.windrow.runtime.job.JobSignals;
import dev.windrow.runtime.job.JobState;
import dev.windrow.runtime.job.JobWorker;
import dev.windrow.runtime.job.Jobs;
import dev.windrow.runtime.job.NewJob;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.WriteTransactions;
import io.r2dbc.pool.ConnectionPool;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Workers, what they may do to each other, and what the table lets nobody do. */
class JobWorkerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration FOREVER = Duration.ofDays(1);
  private static final String TENANT = "default";

  private TestDatabase database;
  private ConnectionPool pool;
  private JobSignals signals;
  private final List<JobWorker> workers = new ArrayList<>();

  /** Work that goes on until the test ends it; one way for all attempts at a job. */
  private static final class Held implements JobKind {
    final Map<String, Sinks.Empty<Void>> ends = new ConcurrentHashMap<>();
    final Map<String, JobRun> runs = new ConcurrentHashMap<>();
    final AtomicInteger running = new AtomicInteger();

    @Override
    public String name() {
      return "held";
    }

    @Override
    public Mono<Void> run(JobRun run) {
      runs.put(run.job().id(), run);
      return ends.computeIfAbsent(run.job().id(), id -> Sinks.empty())
          .asMono()
          .doOnSubscribe(begun -> running.incrementAndGet())
          .doFinally(ended -> running.decrementAndGet());
    }

    JobRun run(String id) {
      return Objects.requireNonNull(runs.get(id));
    }

    void end(String id) {
      ends.computeIfAbsent(id, one -> Sinks.empty()).tryEmitEmpty();
    }
  }

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    pool = QueryHarness.pool(database, "job-test", 6);
    DatabaseSettings settings =
        new DatabaseSettings(
            database.host(),
            database.port(),
            database.name(),
            database.user(),
            database.password());
    signals = new JobSignals(settings.connectionFactory("job-test-signals"));
    signals.start();
  }

  @AfterEach
  void close() {
    workers.forEach(JobWorker::close);
    signals.close();
    pool.dispose();
    database.close();
  }

  private Held worker(String name, JobSettings settings) {
    Held kind = new Held();
    start(name, settings, kind);
    return kind;
  }

  private void start(String name, JobSettings settings, JobKind kind) {
    JobWorker worker =
        new JobWorker(new WriteTransactions(pool), TENANT, name, settings, signals, Set.of(kind));
    workers.add(worker);
    worker.start();
  }

  private static JobSettings settings(int slots, int perClient, Duration lease) {
    return new JobSettings(slots, perClient, 1_000, lease, FOREVER, 1 << 30);
  }

  private Jobs jobs() {
    return new Jobs(new WriteTransactions(pool), TENANT, settings(1, 1, LEASE), signals);
  }

  private String create(String client) {
    return get(jobs().create(new NewJob(client, "held", "{}", Optional.empty(), Optional.empty())))
        .id();
  }

  private Job find(String id) {
    return get(jobs().find(id));
  }

  private static <T> T get(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(PATIENCE));
  }

  @Test
  void jobs_ofThoseWithFewestRunning_goFirst_withinTheirBound() {
    String first = create("a");
    String second = create("a");
    String third = create("a");
    String other = create("b");
    Held kind = worker("one", settings(3, 2, LEASE));
    await().atMost(PATIENCE).until(() -> kind.running.get() == 3);
    assertThat(kind.runs.keySet()).containsExactlyInAnyOrder(first, second, other);
    kind.end(other);
    await().atMost(PATIENCE).until(() -> find(other).state() == JobState.SUCCEEDED);
    // There is room, but not for more of this client.
    assertThat(find(third).state()).isEqualTo(JobState.PENDING);
    kind.end(first);
    await().atMost(PATIENCE).until(() -> find(third).state() == JobState.RUNNING);
  }

  @Test
  void workers_neverShareAJob() {
    for (int i = 0; i < 30; i++) {
      create("client-" + i % 3);
    }
    List<Held> kinds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kinds.add(worker("worker-" + i, settings(5, 100, PATIENCE)));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> kinds.stream().mapToInt(kind -> kind.running.get()).sum() == 15);
    List<String> taken = kinds.stream().flatMap(kind -> kind.runs.keySet().stream()).toList();
    assertThat(taken).hasSize(15).doesNotHaveDuplicates();
  }

  @Test
  void worker_thatIsTakenForDead_cannotPublishAnyMore() throws Exception {
    String id = create("");
    Held late = worker("late", settings(1, 1, FOREVER));
    await().atMost(PATIENCE).until(() -> late.running.get() == 1);
    get(late.run(id).addPage(bytes("stale")).thenReturn(true));
    // As if a long stop of the process had let its lease run out: the renewals of this one are days
    // apart.
    execute("UPDATE jobs SET lease_until = now() - interval '1 second'");
    Held next = worker("next", settings(1, 1, FOREVER));
    await().atMost(PATIENCE).until(() -> next.running.get() == 1);
    assertThat(find(id).attempt()).isEqualTo(2);
    assertThatThrownBy(() -> late.run(id).addPage(bytes("stale too")).block(PATIENCE))
        .hasMessageContaining("lease");
    late.end(id);
    get(next.run(id).addPage(bytes("good")).thenReturn(true));
    assertThat(find(id).state()).isEqualTo(JobState.RUNNING);
    next.end(id);
    await().atMost(PATIENCE).until(() -> find(id).state() == JobState.SUCCEEDED);
    assertThat(find(id).pageCount()).isEqualTo(1);
    assertThat(find(id).worker()).isEqualTo("next");
    assertThat(get(jobs().page(id, 0))).isEqualTo(bytes("good"));
    assertThat(QueryHarness.number(database, "SELECT count(*) FROM job_pages")).isEqualTo(1);
  }

  @Test
  void lease_isKept_andItsProgressTold_forAsLongAsTheWorkGoesOn() {
    String id = create("");
    Held kind = worker("one", settings(1, 1, LEASE));
    Held other = worker("other", settings(1, 1, LEASE));
    await().atMost(PATIENCE).until(() -> kind.running.get() + other.running.get() == 1);
    Held at = kind.running.get() == 1 ? kind : other;
    at.run(id).progress(7, 10);
    await().atMost(PATIENCE).until(() -> find(id).done() == 7 && find(id).total() == 10);
    // Two leases later it is still the first attempt.
    long until = System.nanoTime() + 2 * LEASE.toNanos();
    await().atMost(PATIENCE).until(() -> System.nanoTime() > until);
    assertThat(find(id).attempt()).isEqualTo(1);
  }

  @Test
  void worker_thatLosesItsLease_stopsTheWork() throws Exception {
    create("");
    Held kind = worker("one", settings(1, 1, LEASE));
    await().atMost(PATIENCE).until(() -> kind.running.get() == 1);
    execute(
        "UPDATE jobs SET attempt = attempt + 1, worker = 'another', lease_until = now() + interval '1 day'");
    await().atMost(PATIENCE).until(() -> kind.running.get() == 0);
    assertThat(QueryHarness.number(database, "SELECT count(*) FROM jobs WHERE state = 'RUNNING'"))
        .isEqualTo(1);
  }

  @Test
  void job_thatItsWorkersDieOf_failsInTheEnd() throws Exception {
    String id = create("");
    execute(
        "UPDATE jobs SET state = 'RUNNING', attempt = 5, lease_until = now() - interval '1 second'");
    worker("one", settings(1, 1, LEASE));
    await().atMost(PATIENCE).until(() -> find(id).state() == JobState.FAILED);
    assertThat(Objects.requireNonNull(find(id).failure()).reason()).isEqualTo("WORKERS_LOST");
  }

  @Test
  void job_thatWasGivenBackOften_isBegunAgainWhenItsWorkerDies() throws Exception {
    String id = create("");
    execute(
        "UPDATE jobs SET state = 'RUNNING', attempt = 9, given_back = 8, lease_until = now() - interval '1 second'");
    Held kind = worker("one", settings(1, 1, LEASE));
    await().atMost(PATIENCE).until(() -> kind.running.get() == 1);
    assertThat(find(id).attempt()).isEqualTo(10);
  }

  @Test
  void job_thatWasToBeCancelled_whenItsWorkerDied_isNotBegunAgain() throws Exception {
    String id = create("");
    execute(
        "UPDATE jobs SET state = 'RUNNING', attempt = 1, lease_until = now() - interval '1 second',"
            + " cancel_requested = true");
    Held kind = worker("one", settings(1, 1, LEASE));
    await().atMost(PATIENCE).until(() -> find(id).state() == JobState.CANCELLED);
    assertThat(kind.runs).isEmpty();
  }

  @Test
  void error_thatNobodyForesaw_failsTheJob_andLeaksNothing() {
    String id = create("");
    start(
        "one",
        settings(1, 1, LEASE),
        new JobKind() {
          @Override
          public String name() {
            return "held";
          }

          @Override
          public Mono<Void> run(JobRun run) {
            throw new IllegalStateException("a secret");
          }
        });
    await().atMost(PATIENCE).until(() -> find(id).state() == JobState.FAILED);
    assertThat(find(id).failure())
        .hasToString(
            "JobFailure[code=INTERNAL, reason=INTERNAL, message=internal error, metadata={}]");
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, SUCCEEDED",
    "PENDING, FAILED",
    "RUNNING, PENDING",
    "SUCCEEDED, RUNNING",
    "SUCCEEDED, FAILED",
    "FAILED, PENDING",
    "CANCELLED, RUNNING",
    "CANCELLED, SUCCEEDED"
  })
  void table_letsNobody_changeAStateOtherwise(String from, String to) throws Exception {
    create("");
    if (!from.equals("PENDING") && !from.equals("CANCELLED")) {
      execute(becoming("RUNNING"));
    }
    if (!from.equals("PENDING") && !from.equals("RUNNING")) {
      execute(becoming(from));
    }
    assertThatThrownBy(() -> execute(becoming(to)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("jobs: ");
  }

  private static String becoming(String state) {
    boolean ended = !state.equals("PENDING") && !state.equals("RUNNING");
    return "UPDATE jobs SET state = '%s', lease_until = %s, ended_at = %s, expires_at = %s, failure = %s"
        .formatted(
            state,
            state.equals("RUNNING") ? "now()" : "NULL",
            ended ? "now()" : "NULL",
            ended ? "now()" : "NULL",
            state.equals("FAILED") ? "'{}'" : "NULL");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
