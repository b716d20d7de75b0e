package dev.windrow.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.event.v1.Event;
import dev.windrow.job.v1.CancelJobRequest;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.GetJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ListJobsRequest;
import dev.windrow.job.v1.ListJobsResponse;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.WaitJobRequest;
import dev.windrow.job.v1.WatchJobRequest;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Execution;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs as their callers see them. */
class JobsIT {
  private static final int EVENTS = 3_000;
  private static final int PAGES_OF_EVENTS = 15_000;
  private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init")
  private JobHarness harness;

  private void start(Map<String, String> settings) throws Exception {
    harness = JobHarness.start(settings);
  }

  private void startWithEvents(Map<String, String> settings) throws Exception {
    start(settings);
    long seed = System.nanoTime();
    harness.service.store().writeCompacted(1, RandomEvents.of(new Random(seed), EVENTS));
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void summary_ofManyRows_isTheWholeAnswerInPages() throws Exception {
    startWithEvents(Map.of());
    var question =
        SummarizeRequest.newBuilder()
            .setWindow(JobHarness.WINDOW)
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
            .addGroupBy("entity_id")
            .setInterval(Interval.INTERVAL_HOUR)
            .setOrderBy("count desc");
    Job job = harness.await(harness.create(JobHarness.summary(question.clone())).getName());
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(job.getProgress().getDone()).isEqualTo(1);
    assertThat(job.getAttempt()).isEqualTo(1);
    assertThat(job.getWorker()).isEqualTo("query-1");
    assertThat(job.hasExpireTime()).isTrue();
    List<SummaryRow> rows = new ArrayList<>();
    List<ReadJobResultResponse> pages = harness.result(job.getName());
    assertThat(pages).hasSize(job.getResultPageCount()).hasSizeGreaterThan(1);
    for (int i = 0; i < pages.size(); i++) {
      rows.addAll(pages.get(i).getSummary().getRowsList());
      assertThat(pages.get(i).getNextPage()).isEqualTo(i + 1 < pages.size() ? i + 1 : 0);
      assertThat(pages.get(i).getSummary().getInfo().getEffectiveWindow())
          .isEqualTo(JobHarness.WINDOW);
    }
    SummarizeResponse now = harness.service.client().summarize(question.setLimit(10_000).build());
    assertThat(now.getTotalRowCount()).isEqualTo(now.getRowsCount());
    assertThat(rows).isEqualTo(now.getRowsList());
    var second =
        harness
            .jobs()
            .readJobResult(
                ReadJobResultRequest.newBuilder()
                    .setName(job.getName())
                    .setFirstPage(1)
                    .setMaxPages(1)
                    .build());
    assertThat(second.next()).isEqualTo(pages.get(1));
    assertThat(second.hasNext()).isFalse();
  }

  @Test
  void question_beyondTheCap_becomesAJobIfItMay() throws Exception {
    startWithEvents(Map.of("WINDROW_MAX_QUESTION_COST", "1000"));
    execute("ANALYZE");
    var small =
        SummarizeRequest.newBuilder()
            .setWindow(JobHarness.WINDOW)
            .setExecution(Execution.EXECUTION_AUTO);
    SummarizeResponse atOnce = harness.service.client().summarize(small.build());
    assertThat(atOnce.getJob()).isEmpty();
    assertThat(count(atOnce.getRows(0))).isEqualTo(EVENTS);
    var large = small.clone().addGroupBy("attributes.region").setRequestId("the-one");
    SummarizeRequest never = large.clone().clearExecution().clearRequestId().build();
    Statuses told = Statuses.of(() -> harness.service.client().summarize(never));
    assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
    assertThat(told.message()).contains("ask with EXECUTION_AUTO");
    assertThat(told.metadata()).containsKey("estimated_cost");
    SummarizeResponse later = harness.service.client().summarize(large.build());
    assertThat(later).isEqualTo(SummarizeResponse.newBuilder().setJob(later.getJob()).build());
    assertThat(harness.service.client().summarize(large.build())).isEqualTo(later);
    assertThat(harness.await(later.getJob()).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    long total =
        harness.result(later.getJob()).stream()
            .flatMap(page -> page.getSummary().getRowsList().stream())
            .mapToLong(JobsIT::count)
            .sum();
    assertThat(total).isEqualTo(EVENTS);
  }

  @Test
  void rawScan_beyondTheCap_becomesAJobToo() throws Exception {
    startWithEvents(Map.of("WINDROW_MAX_RAW_ROWS", "100"));
    var question =
        SummarizeRequest.newBuilder().setWindow(JobHarness.WINDOW).addGroupBy("attributes.region");
    assertThat(Statuses.of(() -> harness.service.client().summarize(question.build())).reason())
        .isEqualTo("RAW_SCAN_TOO_LARGE");
    question.setExecution(Execution.EXECUTION_AUTO);
    assertThat(harness.service.client().summarize(question.build()).getJob()).startsWith("jobs/");
  }

  @Test
  void export_givesEveryEventOnce_asLinesThatImportTakes() throws Exception {
    start(Map.of());
    List<TestEvent> stored = RandomEvents.of(new Random(System.nanoTime()), PAGES_OF_EVENTS);
    harness.service.store().writeEvents(1, stored, false);
    Job job = harness.await(harness.create(JobHarness.export("")).getName());
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(job.getProgress().getDone()).isEqualTo(PAGES_OF_EVENTS);
    assertThat(job.getResultPageCount()).isGreaterThan(1);
    List<Event> exported = events(harness.result(job.getName()));
    assertThat(exported).hasSize(PAGES_OF_EVENTS).isEqualTo(listed());
  }

  @Test
  void result_largerThanMayBe_failsTheJob_andIsNotKept() throws Exception {
    start(Map.of("WINDROW_JOB_MAX_RESULT_BYTES", "1048576"));
    harness
        .service
        .store()
        .writeEvents(1, RandomEvents.of(new Random(System.nanoTime()), PAGES_OF_EVENTS), false);
    Job job = harness.await(harness.create(JobHarness.export("")).getName());
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(job.getError().getReason()).isEqualTo("RESULT_TOO_LARGE");
    assertThat(job.getError().getMetadataOrThrow("max_bytes")).isEqualTo("1048576");
    await().untilAsserted(() -> assertThat(number("SELECT count(*) FROM job_pages")).isZero());
  }

  private static List<Event> events(List<ReadJobResultResponse> pages) throws Exception {
    List<Event> events = new ArrayList<>();
    for (ReadJobResultResponse page : pages) {
      for (String line : page.getJsonLines().lines().toList()) {
        Event.Builder event = Event.newBuilder();
        JsonFormat.parser().merge(line, event);
        events.add(event.build());
      }
    }
    return events;
  }

  private List<Event> listed() {
    List<Event> events = new ArrayList<>();
    String token = "";
    do {
      var page =
          harness
              .service
              .client()
              .listEvents(
                  ListEventsRequest.newBuilder()
                      .setWindow(JobHarness.WINDOW)
                      .setPageSize(1_000)
                      .setPageToken(token)
                      .build());
      page.getEventsList().forEach(stored -> events.add(stored.getEvent()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return events;
  }

  @Test
  void export_ofNothing_hasOneEmptyPage() throws Exception {
    startWithEvents(Map.of());
    Job job = harness.await(harness.create(JobHarness.export("source = nobody")).getName());
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(harness.result(job.getName()))
        .singleElement()
        .satisfies(page -> assertThat(page.getJsonLines()).isEmpty());
  }

  @Test
  void job_thatCannotBeDone_failsAsTheCallWould() throws Exception {
    startWithEvents(Map.of("WINDROW_JOB_MAX_GROUPS", "5"));
    var question = SummarizeRequest.newBuilder().setWindow(JobHarness.WINDOW);
    question.addGroupBy("entity_id");
    Job job = harness.await(harness.create(JobHarness.summary(question)).getName());
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(job.getError().getCode()).isEqualTo("FAILED_PRECONDITION");
    assertThat(job.getError().getReason()).isEqualTo("TOO_MANY_GROUPS");
    assertThat(job.getError().getMetadataMap()).containsEntry("max_groups", "5");
    Statuses told = Statuses.of(() -> harness.result(job.getName()));
    assertThat(told.reason()).isEqualTo("JOB_NOT_SUCCEEDED");
    assertThat(told.metadata()).containsEntry("state", "JOB_STATE_FAILED");
  }

  @Test
  void request_thatIsRepeated_givesTheSameJob_andWithAnotherSpecNone() throws Exception {
    start(Map.of("WINDROW_JOB_SLOTS", "0"));
    var request =
        CreateJobRequest.newBuilder()
            .setSpec(JobHarness.export(""))
            .setRequestId(UUID.randomUUID().toString());
    Job job = harness.jobs().createJob(request.build()).getJob();
    assertThat(harness.jobs().createJob(request.build()).getJob()).isEqualTo(job);
    request.setSpec(JobHarness.export("source = other"));
    Statuses told = Statuses.of(() -> harness.jobs().createJob(request.build()));
    assertThat(told.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(told.reason()).isEqualTo("REQUEST_ID_REUSED");
    assertThat(number("SELECT count(*) FROM jobs")).isEqualTo(1);
  }

  @Test
  void request_thatOnlyValidates_createsNothing() throws Exception {
    start(Map.of());
    var request =
        CreateJobRequest.newBuilder().setSpec(JobHarness.export("")).setValidateOnly(true);
    assertThat(harness.jobs().createJob(request.build()).getJob().getName()).isEmpty();
    assertThat(number("SELECT count(*) FROM jobs")).isZero();
  }

  @Test
  void badRequests_areToldTheField() throws Exception {
    start(Map.of());
    var question = SummarizeRequest.newBuilder().setWindow(JobHarness.WINDOW);
    assertField("spec", JobSpec.getDefaultInstance());
    assertField("spec.summary.question.window", JobHarness.summary(SummarizeRequest.newBuilder()));
    assertField(
        "spec.summary.question.group_by[0]",
        JobHarness.summary(question.clone().addGroupBy("nonsense")));
    assertField(
        "spec.summary.question.execution",
        JobHarness.summary(question.clone().setExecution(Execution.EXECUTION_AUTO)));
    assertField("spec.export.filter", JobHarness.export("source = "));
    assertField("spec", JobHarness.export("source = \"a\0b\""));
    assertThat(Statuses.of(() -> harness.get("jobs/1")).field()).isEqualTo("name");
    Statuses unknown = Statuses.of(() -> harness.get("jobs/" + UUID.randomUUID()));
    assertThat(unknown.code()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(unknown.reason()).isEqualTo("UNKNOWN_JOB");
    var watched = question.clone().setRequestId("one").build();
    assertThat(Statuses.of(() -> harness.service.client().summarize(watched)).field())
        .isEqualTo("request_id");
  }

  private void assertField(String field, JobSpec spec) {
    Statuses told = Statuses.of(() -> harness.create(spec));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo(field);
    assertThat(told.metadata()).containsEntry("field", field);
  }

  @Test
  void cancel_ofAJobThatRuns_stopsItsSql() throws Exception {
    startWithEvents(Map.of());
    try (Connection blocker = harness.service.database().connect();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
      String name = harness.create(JobHarness.export("")).getName();
      await().atMost(PATIENCE).until(() -> working() == 1);
      assertThat(harness.get(name).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
      var waited =
          harness
              .jobs()
              .waitJob(
                  WaitJobRequest.newBuilder()
                      .setName(name)
                      .setTimeout(Duration.newBuilder().setNanos(100_000_000))
                      .build());
      assertThat(waited.getJob().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
      Job asked = cancel(name);
      assertThat(asked.getCancelRequested()).isTrue();
      assertThat(harness.await(name).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
      await().atMost(java.time.Duration.ofSeconds(2)).until(() -> working() == 0);
      assertThat(cancel(name).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    }
  }

  private Job cancel(String name) {
    return harness.jobs().cancelJob(CancelJobRequest.newBuilder().setName(name).build()).getJob();
  }

  private long working() {
    return number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'windrow-query-work' AND state = 'active'");
  }

  @Test
  void jobs_thatWait_areBounded_listedAndCancelledAtOnce() throws Exception {
    start(Map.of("WINDROW_JOB_SLOTS", "0", "WINDROW_JOB_MAX_PENDING", "5"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add(0, harness.create(JobHarness.export("source = s" + i)).getName());
    }
    Statuses told = Statuses.of(() -> harness.create(JobHarness.export("")));
    assertThat(told.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(told.reason()).isEqualTo("TOO_MANY_JOBS");
    assertThat(cancel(names.get(2)).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    var pending = ListJobsRequest.newBuilder().addStates(JobState.JOB_STATE_PENDING).setPageSize(3);
    ListJobsResponse first = harness.jobs().listJobs(pending.build());
    ListJobsResponse second =
        harness.jobs().listJobs(pending.clone().setPageToken(first.getNextPageToken()).build());
    assertThat(first.getJobsList())
        .extracting(Job::getName)
        .containsExactly(names.get(0), names.get(1), names.get(3));
    assertThat(second.getJobsList()).extracting(Job::getName).containsExactly(names.get(4));
    assertThat(second.getNextPageToken()).isEmpty();
    var others = ListJobsRequest.newBuilder().setPageToken(first.getNextPageToken()).build();
    assertThat(Statuses.of(() -> harness.jobs().listJobs(others)).field()).isEqualTo("page_token");
  }

  @Test
  void watch_tellsEveryStateUntilTheEnd() throws Exception {
    startWithEvents(Map.of());
    try (Connection blocker = harness.service.database().connect();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
      String name = harness.create(JobHarness.export("")).getName();
      await().atMost(PATIENCE).until(() -> working() == 1);
      var watched = harness.jobs().watchJob(WatchJobRequest.newBuilder().setName(name).build());
      assertThat(watched.next().getJob().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
      blocker.rollback();
      JobState last = JobState.JOB_STATE_UNSPECIFIED;
      while (watched.hasNext()) {
        last = watched.next().getJob().getState();
      }
      assertThat(last).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    }
  }

  @Test
  void job_thatHasExpired_isForgotten_withItsPages() throws Exception {
    startWithEvents(Map.of("WINDROW_JOB_KEEP", "PT1S"));
    String name = harness.create(JobHarness.export("")).getName();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number("SELECT count(*) FROM jobs") == 0
                    && number("SELECT count(*) FROM job_pages") == 0);
    var gone = GetJobRequest.newBuilder().setName(name).build();
    assertThat(Statuses.of(() -> harness.jobs().getJob(gone)).reason()).isEqualTo("UNKNOWN_JOB");
  }

  @Test
  void job_underWay_whenTheServiceStops_isTakenOverAtOnce() throws Exception {
    // The lease alone would take longer than anybody waits here.
    startWithEvents(Map.of("WINDROW_JOB_LEASE", "PT10M"));
    try (Connection blocker = harness.service.database().connect();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
      harness.create(JobHarness.export(""));
      await().atMost(PATIENCE).until(() -> working() == 1);
      harness.service.server().close();
      assertThat(
              number("SELECT count(*) FROM jobs WHERE state = 'RUNNING' AND lease_until <= now()"))
          .isEqualTo(1);
      assertThat(working()).isZero();
    }
  }

  private static long count(SummaryRow row) {
    return row.getValues(0).getInteger();
  }

  private void execute(String sql) {
    harness.service.execute(sql);
  }

  private long number(String sql) {
    return QueryHarness.number(harness.service.database(), sql);
  }
}
