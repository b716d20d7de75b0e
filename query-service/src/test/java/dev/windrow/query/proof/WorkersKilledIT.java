package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.job.v1.CompareJob;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.DriftReport;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.GetJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.OtherRow;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.SummaryJob;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.QueryProcess;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proof R26: workers are killed while they work, at any moment, and others take over. */
@Tag("minutes")
class WorkersKilledIT {
  private static final int KILLS = Integer.getInteger("windrow.test.worker.kills", 20);
  private static final int EVENTS = 8_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // As a comparison is told: each third entity is said to have had more events than it had.
  private static final int DIFFERING = (EVENTS + 2) / 3;
  // About as long as the jobs take.
  private static final int LONGEST_MILLIS = 1_500;
  private static final TimeWindow DAY =
      TimeWindow.newBuilder()
          .setStartTime(Timestamps.fromMillis(Instant.parse("2001-01-01T00:00:00Z").toEpochMilli()))
          .setEndTime(Timestamps.fromMillis(Instant.parse("2001-01-02T00:00:00Z").toEpochMilli()))
          .build();

  /**
   * A job that was asked for.
   *
   * @param entities that its result must name, each once
   */
  private record Asked(String name, int entities) {}

  private TestDatabase database;

  @BeforeEach
  void create() throws SQLException {
    database = TestDatabase.create();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT ensure_event_days('{2001-01-01}')");
      statement.execute(
          "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type, entity_id, status, run)"
              + " SELECT 1, '2001-01-01'::timestamptz + n * interval '4 seconds', 1, n, 's', 't', 'e' || n, 'ok', false"
              + " FROM generate_series(0, "
              + (EVENTS - 1)
              + ") AS n");
    }
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void jobs_whoseWorkersAreKilled_arePublishedOnce() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int inTheMidst = 0;
    long longest = 0;
    QueryProcess process = start();
    try {
      for (int i = 0; i < KILLS; i++) {
        String context = "seed " + seed + ", kill " + i;
        List<Asked> jobs =
            List.of(
                new Asked(create(process, export()), EVENTS),
                new Asked(create(process, comparison()), DIFFERING),
                new Asked(create(process, summary()), EVENTS));
        long until =
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_MILLIS));
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> System.nanoTime() > until);
        process.close();
        inTheMidst += count("SELECT count(*) FROM jobs WHERE state = 'RUNNING'") > 0 ? 1 : 0;
        process = start();
        long begun = System.nanoTime();
        for (Asked job : jobs) {
          checkResult(context, process, job);
        }
        longest = Math.max(longest, System.nanoTime() - begun);
      }
    } finally {
      process.close();
    }
    assertThat(inTheMidst).as("kills of a worker at work").isPositive();
    assertThat(count("SELECT count(*) FROM jobs WHERE state = 'SUCCEEDED'")).isEqualTo(3L * KILLS);
    // Whatever earlier attempts had written is gone, and pages are numbered without a gap.
    assertThat(
            count(
                "SELECT count(*) FROM jobs j WHERE page_count <> (SELECT count(*) FROM job_pages p"
                    + " WHERE p.job_id = j.job_id AND p.attempt = j.attempt)"
                    + " OR EXISTS (SELECT FROM job_pages p WHERE p.job_id = j.job_id AND p.attempt <> j.attempt)"))
        .isZero();
    System.out.printf(
        "R26 kills=%d at_work=%d jobs=%d attempts=%d published_twice=0 lost=0 longest_s=%.1f%n",
        KILLS,
        inTheMidst,
        3 * KILLS,
        count("SELECT sum(attempt)::bigint FROM jobs"),
        longest / 1e9);
  }

  private QueryProcess start() throws Exception {
    // Long enough for a worker that other processes keep from running not to be taken for dead.
    return QueryProcess.start(database, Map.of("WINDROW_JOB_LEASE", "PT3S"));
  }

  private static JobSpec export() {
    return JobSpec.newBuilder().setExport(ExportJob.newBuilder().setWindow(DAY)).build();
  }

  private static JobSpec summary() {
    return JobSpec.newBuilder()
        .setSummary(
            SummaryJob.newBuilder()
                .setQuestion(
                    SummarizeRequest.newBuilder()
                        .setWindow(DAY)
                        .addGroupBy("entity_id")
                        .addGroupBy("attributes.none")))
        .build();
  }

  private static JobSpec comparison() {
    CompareJob.Builder job =
        CompareJob.newBuilder()
            .setQuestion(
                SummarizeRequest.newBuilder()
                    .setWindow(DAY)
                    .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
                    .addGroupBy("entity_id")
                    .addGroupBy("attributes.none"));
    for (int i = 0; i < EVENTS; i++) {
      job.addRows(
          OtherRow.newBuilder()
              .putGroup("entity_id", "e" + i)
              .putGroup("attributes.none", "")
              .addValues(MetricValue.newBuilder().setName("count").setInteger(i % 3 == 0 ? 2 : 1)));
    }
    return JobSpec.newBuilder().setCompare(job).build();
  }

  private static JobServiceGrpc.JobServiceBlockingStub jobs(QueryProcess process) {
    return JobServiceGrpc.newBlockingStub(process.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static String create(QueryProcess process, JobSpec spec) {
    return jobs(process)
        .createJob(CreateJobRequest.newBuilder().setSpec(spec).build())
        .getJob()
        .getName();
  }

  private void checkResult(String context, QueryProcess process, Asked asked) {
    GetJobRequest get = GetJobRequest.newBuilder().setName(asked.name()).build();
    await().atMost(PATIENCE).until(() -> jobs(process).getJob(get).getJob().hasEndTime());
    Job job = jobs(process).getJob(get).getJob();
    assertThat(job.getState()).as("%s: %s", context, job).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    List<String> entities = new ArrayList<>();
    List<DriftReport> reports = new ArrayList<>();
    jobs(process)
        .readJobResult(ReadJobResultRequest.newBuilder().setName(asked.name()).build())
        .forEachRemaining(
            page -> {
              entities.addAll(entities(page));
              if (page.getDrift().hasReport()) {
                reports.add(page.getDrift().getReport());
              }
            });
    Set<String> distinct = new HashSet<>(entities);
    assertThat(entities).as(context).hasSize(asked.entities());
    assertThat(distinct).as(context).hasSize(asked.entities());
    assertThat(job.getResultPageCount()).as(context).isPositive();
    if (job.getSpec().hasCompare()) {
      assertThat(reports).as(context).hasSize(1);
      assertThat(reports.get(0).getComparedRowCount()).as(context).isEqualTo(EVENTS);
      assertThat(reports.get(0).getDifferingRowCount()).as(context).isEqualTo(DIFFERING);
    }
  }

  /** Of each line, or each row: every event has its own. */
  private static List<String> entities(ReadJobResultResponse page) {
    return switch (page.getPageCase()) {
      case SUMMARY ->
          page.getSummary().getRowsList().stream()
              .map(row -> row.getGroupOrThrow("entity_id"))
              .toList();
      case DRIFT ->
          page.getDrift().getRowsList().stream()
              .map(row -> row.getGroupOrThrow("entity_id"))
              .toList();
      default -> page.getJsonLines().lines().toList();
    };
  }

  private long count(String sql) {
    return QueryHarness.number(database, sql);
  }
}
