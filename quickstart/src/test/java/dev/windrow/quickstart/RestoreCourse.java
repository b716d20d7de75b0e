package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.GetJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.job.v1.WaitJobRequest;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.quickstart.testing.Services;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Two producers whose events stand in all forms at the moment that is restored: compacted, as
 * deltas, and unfolded, while a job runs.
 */
final class RestoreCourse {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BATCH = 30;
  private static final int PAGE = 100;
  // That of compaction, as AdvisoryLock has it, and the one tenant.
  private static final String LOCK = "SELECT pg_advisory_lock(x'57490002'::integer, 1)";
  private static final String OPEN =
      "SELECT (SELECT count(*) FROM rollup_deltas) + (SELECT count(*) FROM unfolded_batches)";

  // Of both producers: what was acknowledged last.
  private long sequence;
  private long events;

  /** What was there at the moment. */
  record Before(
      StoredTables tables,
      List<SummaryRow> rows,
      String position,
      String job,
      long sequence,
      long events,
      long lastBatch) {}

  /** Batches of both producers, numbered, and of events with ids. */
  void append(Services services, int batches) {
    for (int i = 0; i < batches; i++) {
      sequence++;
      for (String producer : List.of("p", "q")) {
        AppendResponse answer = services.append().append(batch(producer, sequence));
        assertThat(answer.getDurableSequence()).isEqualTo(sequence);
        events += answer.getStoredCount();
      }
    }
  }

  /** Acknowledged, and not in what is restored. */
  void appendBehind(Services services) {
    append(services, 3);
  }

  /**
   * Compaction is kept out by a session of ours, so that deltas stay and the job waits.
   *
   * @param moment what is done meanwhile
   */
  Before atItsFullest(Services services, TestDatabase database, Runnable moment)
      throws SQLException {
    await().atMost(PATIENCE).until(() -> number(database, OPEN) == 0);
    try (Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      statement.execute(LOCK);
      append(services, 10);
      String job = create(services, recompute());
      await().atMost(PATIENCE).until(() -> state(services, job) == JobState.JOB_STATE_RUNNING);
      assertThat(number(database, "SELECT count(*) FROM rollup_deltas")).isPositive();
      assertThat(number(database, "SELECT count(*) FROM unfolded_batches")).isPositive();
      SummarizeResponse answer = services.ask().summarize(question("").build());
      StoredTables tables = StoredTables.of(database);
      moment.run();
      return new Before(
          tables,
          answer.getRowsList(),
          answer.getInfo().getPosition(),
          job,
          sequence,
          events,
          number(database, "SELECT max(batch_id) FROM ingest_batches"));
    }
  }

  /**
   * Both services on what was restored.
   *
   * @param sameHistory whether positions of earlier answers still mean something
   */
  void prove(String what, TestDatabase database, Before before, boolean sameHistory)
      throws Exception {
    if (sameHistory) {
      before.tables().checkRestored(StoredTables.of(database));
    }
    sequence = before.sequence();
    events = before.events();
    try (Services services = Services.start(database)) {
      assertThat(services.ask().summarize(question("").build()).getRowsList())
          .isEqualTo(before.rows());
      await()
          .atMost(PATIENCE)
          .until(() -> state(services, before.job()) == JobState.JOB_STATE_SUCCEEDED);
      await().atMost(PATIENCE).until(() -> number(database, OPEN) == 0);
      SummarizeResponse compacted = services.ask().summarize(question("").build());
      assertThat(compacted.getRowsList()).isEqualTo(before.rows());

      // A repeat is known by its number, and by its ids.
      assertThat(services.append().append(batch("p", sequence)).getDurableSequence())
          .isEqualTo(sequence);
      AppendRequest.Builder unnumbered = batch("p", sequence).toBuilder();
      unnumbered.clearProducerId().clearSequence();
      assertThat(services.append().append(unnumbered.build()).getDuplicateCount()).isEqualTo(BATCH);
      assertThat(number(database, "SELECT count(*) FROM events")).isEqualTo(events);

      // What a page shows does not change with what comes.
      ListEventsResponse page = services.ask().listEvents(list(""));
      append(services, 5);
      assertThat(listed(services, page)).isEqualTo(before.events());
      assertThat(
              number(
                  database,
                  "SELECT count(DISTINCT batch_id) FROM events WHERE batch_id > "
                      + before.lastBatch()))
          .as("new batches have new numbers")
          .isEqualTo(10);
      assertThat(number(database, "SELECT count(*) FROM events")).isEqualTo(events);
      String position = sameHistory ? before.position() : compacted.getInfo().getPosition();
      assertThat(services.ask().summarize(question(position).build()).getRowsList())
          .isEqualTo(before.rows());

      await().atMost(PATIENCE).until(() -> number(database, OPEN) == 0);
      assertThat(differences(services)).isZero();
      System.out.printf(
          "R20 restored=%s tables=%d events=%d then=%d differing=0 job_taken_over=1%n",
          what, before.tables().sums().size(), before.events(), events);
    }
  }

  private static long listed(Services services, ListEventsResponse first) {
    long listed = first.getEventsCount();
    String token = first.getNextPageToken();
    while (!token.isEmpty()) {
      ListEventsResponse page = services.ask().listEvents(list(token));
      listed += page.getEventsCount();
      token = page.getNextPageToken();
    }
    return listed;
  }

  private static ListEventsRequest list(String token) {
    return ListEventsRequest.newBuilder()
        .setWindow(BothServices.window())
        .setPageSize(PAGE)
        .setPageToken(token)
        .build();
  }

  private static SummarizeRequest.Builder question(String position) {
    return SummarizeRequest.newBuilder()
        .setWindow(BothServices.window())
        .addGroupBy("source")
        .addGroupBy("status")
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_MIN))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_MAX))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES))
        .setPosition(position);
  }

  // They fold well, but by entity.
  private static AppendRequest batch(String producer, long sequence) {
    AppendRequest.Builder request =
        AppendRequest.newBuilder().setProducerId(producer).setSequence(sequence);
    long day = producer.equals("p") ? 0 : BothServices.DAY;
    for (int i = 0; i < BATCH; i++) {
      long number = sequence * BATCH + i;
      request.addEvents(
          Event.newBuilder()
              .setOccurredAt(
                  Timestamp.newBuilder()
                      .setSeconds(BothServices.NEW_YEAR + day + 600 * (sequence % 9) + i))
              .setSource("source-" + producer)
              .setType("type")
              .setEntityId(producer + number)
              .setStatus(i % 5 == 0 ? "failed" : "ok")
              .setValue((double) number)
              .setEventId(producer + number));
    }
    return request.build();
  }

  private static JobSpec recompute() {
    return JobSpec.newBuilder()
        .setRecompute(RecomputeJob.newBuilder().setWindow(BothServices.window()))
        .build();
  }

  private static String create(Services services, JobSpec spec) {
    return services
        .jobs()
        .createJob(CreateJobRequest.newBuilder().setSpec(spec).build())
        .getJob()
        .getName();
  }

  private static JobState state(Services services, String job) {
    return services
        .jobs()
        .getJob(GetJobRequest.newBuilder().setName(job).build())
        .getJob()
        .getState();
  }

  private static long differences(Services services) {
    String name =
        create(
            services,
            JobSpec.newBuilder()
                .setVerify(VerifyJob.newBuilder().setWindow(BothServices.window()))
                .build());
    Job job = services.jobs().waitJob(WaitJobRequest.newBuilder().setName(name).build()).getJob();
    assertThat(job.getState()).as("%s", job).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    long[] differing = {0};
    services
        .jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(name).build())
        .forEachRemaining(
            page ->
                page.getRebuiltDay()
                    .getRollupsList()
                    .forEach(rollup -> differing[0] += rollup.getDifferingRowCount()));
    return differing[0];
  }

  private static long number(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
