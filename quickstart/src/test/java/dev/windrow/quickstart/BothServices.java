package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.WaitJobRequest;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.quickstart.testing.Client;
import dev.windrow.runtime.config.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Both services on a database of their own, which keeps everything. */
abstract class BothServices {
  static final long NEW_YEAR = 978_307_200L;
  static final long DAY = 86_400;
  static final Duration PATIENCE = Duration.ofSeconds(30);

  TestDatabase database;
  IngestServer ingest;
  QueryServer query;
  Client writer;
  Client reader;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    Map<String, String> settings = database.settings();
    Map<String, String> keepAll = new java.util.HashMap<>(settings);
    keepAll.put("WINDROW_MAX_EVENT_AGE", "P45000D");
    keepAll.put("WINDROW_RETENTION_RAW", "PT0S");
    keepAll.put("WINDROW_RETENTION_MINUTE", "PT0S");
    keepAll.put("WINDROW_RETENTION_HOUR", "PT0S");
    keepAll.put("WINDROW_PORT", "0");
    keepAll.put("WINDROW_JOB_PER_CLIENT", "10");
    ingest = new IngestServer(IngestConfig.from(new Settings(keepAll)));
    ingest.start();
    writer = Client.of(ingest);
    settings.put("WINDROW_PORT", "0");
    query = new QueryServer(QueryConfig.from(new Settings(settings)));
    query.start();
    reader = Client.of(query);
  }

  @AfterEach
  void stop() {
    reader.close();
    writer.close();
    query.close();
    ingest.close();
    database.close();
  }

  /** Waits until everything is in buckets. */
  void awaitCompacted() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number("SELECT count(*) FROM rollup_deltas") == 0
                    && number("SELECT count(*) FROM unfolded_batches") == 0);
  }

  /** The days of the events. */
  static TimeWindow window() {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(NEW_YEAR))
        .setEndTime(Timestamp.newBuilder().setSeconds(NEW_YEAR + 2 * DAY))
        .build();
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(reader.channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  Job create(JobSpec spec) {
    return jobs().createJob(CreateJobRequest.newBuilder().setSpec(spec).build()).getJob();
  }

  Job awaited(Job job) {
    return jobs().waitJob(WaitJobRequest.newBuilder().setName(job.getName()).build()).getJob();
  }

  Job done(JobSpec spec) {
    Job job = awaited(create(spec));
    assertThat(job.getState()).as("%s", job).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    return job;
  }

  long number(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
