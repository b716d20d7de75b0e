package dev.windrow.query.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.job.v1.CancelJobRequest;
import dev.windrow.job.v1.CompareJob;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.DifferingRow;
import dev.windrow.job.v1.DriftReport;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ListJobsRequest;
import dev.windrow.job.v1.MetricDrift;
import dev.windrow.job.v1.OtherRow;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.Tolerance;
import dev.windrow.job.v1.Verdict;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Comparisons of answers with the rows of another system, which often is this one. */
class CompareJobIT {
  private static final int EVENTS = 3_000;
  private static final int PAGE_ROWS = 1_000;

  @SuppressWarnings("NullAway.Init")
  private JobHarness harness;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private void start(Map<String, String> settings) throws Exception {
    harness = JobHarness.start(settings);
    List<TestEvent> events = new ArrayList<>(RandomEvents.of(random, EVENTS));
    // So that a sum is beyond 64 bits, whatever else is random.
    events.add(large());
    events.add(large());
    harness.service.store().writeCompacted(1, events);
  }

  private static TestEvent large() {
    return new TestEvent(
        RandomEvents.START, "large", "type-0", "e", "", 1.0, Long.MAX_VALUE, Map.of(), null);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void ourOwnAnswer_hasNotDrifted() throws Exception {
    start(Map.of());
    SummarizeRequest question = everything();
    List<SummaryRow> answer = answer(question);
    List<OtherRow> rows = new ArrayList<>(others(answer));
    Collections.shuffle(rows, random);
    List<ReadJobResultResponse> pages =
        result(CompareJob.newBuilder().setQuestion(question).addAllRows(rows));
    assertThat(pages).as("pages, of seed %s", seed).hasSize(1);
    DriftReport report = pages.get(0).getDrift().getReport();
    assertThat(pages.get(0).getDrift().getRowsCount()).isZero();
    assertThat(report.getVerdict()).isEqualTo(Verdict.VERDICT_WITHIN_THRESHOLD);
    assertThat(report.getComparedRowCount()).isEqualTo(answer.size()).isGreaterThan(10);
    assertThat(report.getEqualRowCount()).isEqualTo(answer.size());
    assertThat(report.getInfo().getEffectiveWindow()).isEqualTo(JobHarness.WINDOW);
    assertThat(report.getInfo().getPosition()).isNotEmpty();
    assertThat(report.getInfo().getInstanceId()).isEqualTo("query-1");
    assertThat(report.getMetricsList())
        .hasSameSizeAs(question.getMetricsList())
        .allSatisfy(
            metric -> {
              assertThat(metric.getOurTotal()).isEqualTo(metric.getTheirTotal());
              assertThat(metric.getGreatestRelativeDifference()).isZero();
              assertThat(metric.getDifferingRowCount()).isZero();
            });
    assertThat(metric(report, "count").getOurTotal().getInteger()).isEqualTo(EVENTS + 2);
    assertThat(metric(report, "amount_sum").getOurTotal().getBigInteger()).isNotEmpty();
    assertThat(metric(report, "avg").hasOurTotal()).isFalse();
  }

  @Test
  void rows_thatWereChanged_leftOutAndAdded_areFound_andNoOthers() throws Exception {
    start(Map.of());
    SummarizeRequest question = everything();
    List<SummaryRow> answer = answer(question);
    List<OtherRow> rows = new ArrayList<>(others(answer));
    int changed = random.nextInt(answer.size());
    int leftOut = (changed + 1 + random.nextInt(answer.size() - 1)) % answer.size();
    MetricValue count = answer.get(changed).getValues(0);
    MetricValue more = count.toBuilder().setInteger(count.getInteger() + 2).build();
    rows.set(changed, rows.get(changed).toBuilder().setValues(0, more).build());
    OtherRow added = rows.get(0).toBuilder().putGroup("source", "another").build();
    rows.remove(leftOut);
    rows.add(added);
    CompareJob.Builder job = CompareJob.newBuilder().setQuestion(question).addAllRows(rows);

    List<ReadJobResultResponse> pages = result(job);
    assertThat(pages).as("pages, of seed %s", seed).hasSize(2);
    DriftReport report = pages.get(0).getDrift().getReport();
    assertThat(report.getVerdict()).isEqualTo(Verdict.VERDICT_DRIFTED);
    assertThat(report.getComparedRowCount()).isEqualTo(answer.size() + 1);
    assertThat(report.getEqualRowCount()).isEqualTo(answer.size() - 2);
    assertThat(report.getDifferingRowCount()).isOne();
    assertThat(report.getMissingHereRowCount()).isOne();
    assertThat(report.getMissingThereRowCount()).isOne();
    MetricDrift counts = metric(report, "count");
    assertThat(counts.getDifferingRowCount()).isOne();
    assertThat(counts.getGreatestDifference().getInteger()).isEqualTo(2);
    assertThat(counts.getGreatestRelativeDifference()).isEqualTo(2.0 / (count.getInteger() + 2));
    assertThat(metric(report, "sum").getDifferingRowCount()).isZero();
    assertThat(pages.get(1).getDrift().hasReport()).isFalse();
    MetricValue less = MetricValue.newBuilder().setName("count").setInteger(-2).build();
    assertThat(pages.get(1).getDrift().getRowsList())
        .containsExactlyInAnyOrder(
            differing(answer.get(changed))
                .addAllOurs(answer.get(changed).getValuesList())
                .addTheirs(more)
                .addAllTheirs(answer.get(changed).getValuesList().subList(1, 11))
                .addDifferences(less)
                .build(),
            differing(answer.get(leftOut)).addAllOurs(answer.get(leftOut).getValuesList()).build(),
            differing(answer.get(0))
                .putGroup("source", "another")
                .addAllTheirs(answer.get(0).getValuesList())
                .build());

    double share = 3.0 / (answer.size() + 1);
    assertThat(report(job.clone().setMaxDifferingShare(share + 1e-9)).getVerdict())
        .isEqualTo(Verdict.VERDICT_WITHIN_THRESHOLD);
    DriftReport tolerant =
        report(
            job.clone()
                .putMetricTolerances("count", Tolerance.newBuilder().setAbsolute(2).build()));
    assertThat(tolerant.getDifferingRowCount()).isZero();
    assertThat(tolerant.getEqualRowCount()).isEqualTo(answer.size() - 1);
  }

  @Test
  void anEarlierAnswer_isComparedAsOfItsPosition_orWithWhatCameSince() throws Exception {
    start(Map.of());
    SummarizeRequest question = everything();
    SummarizeResponse before = harness.service.client().summarize(question);
    harness.service.store().writeLive(2, List.of(large()));
    CompareJob.Builder job =
        CompareJob.newBuilder().setQuestion(question).addAllRows(others(before.getRowsList()));
    assertThat(report(job).getDifferingRowCount()).isOne();
    job.getQuestionBuilder().setPosition(before.getInfo().getPosition());
    DriftReport then = report(job);
    assertThat(then.getVerdict()).isEqualTo(Verdict.VERDICT_WITHIN_THRESHOLD);
    assertThat(then.getEqualRowCount()).isEqualTo(before.getRowsCount());
    assertThat(then.getInfo().getPosition()).isEqualTo(before.getInfo().getPosition());
  }

  @Test
  void rows_thatDiffer_comeInPages_inOrder() throws Exception {
    start(Map.of());
    SummarizeRequest question =
        SummarizeRequest.newBuilder()
            .setWindow(JobHarness.WINDOW)
            .addGroupBy("entity_id")
            .setInterval(Interval.INTERVAL_HOUR)
            .setOrderBy("count desc")
            .setLimit(1)
            .build();
    List<SummaryRow> answer = answer(question.toBuilder().clearOrderBy().setLimit(10_000).build());
    List<ReadJobResultResponse> pages = result(CompareJob.newBuilder().setQuestion(question));
    assertThat(pages)
        .hasSize(1 + (answer.size() + PAGE_ROWS - 1) / PAGE_ROWS)
        .hasSizeGreaterThan(2);
    assertThat(pages.get(1).getDrift().getRowsCount()).isEqualTo(PAGE_ROWS);
    List<DifferingRow> rows = new ArrayList<>();
    pages.forEach(page -> rows.addAll(page.getDrift().getRowsList()));
    assertThat(rows)
        .isEqualTo(
            answer.stream()
                .map(row -> differing(row).addAllOurs(row.getValuesList()).build())
                .toList());
  }

  @Test
  void aWindow_thatIsNotKept_isNotCompared() throws Exception {
    start(Map.of());
    for (String tier : List.of("raw", "minute", "hour")) {
      harness.service.store().letGo(tier, RandomEvents.START + 2 * RandomEvents.DAY);
    }
    var question =
        SummarizeRequest.newBuilder()
            .setWindow(
                JobHarness.window(
                    RandomEvents.START + 1,
                    RandomEvents.START + RandomEvents.DAYS * RandomEvents.DAY));
    assertThat(harness.service.client().summarize(question.build()).getInfo())
        .satisfies(info -> assertThat(info.getEffectiveWindowReason()).isNotEmpty());
    Job job = run(CompareJob.newBuilder().setQuestion(question));
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(job.getError().getReason()).isEqualTo("WINDOW_NOT_KEPT");
  }

  @Test
  void badRequests_areToldTheField_alsoIfTheyOnlyValidate() throws Exception {
    start(Map.of());
    CompareJob.Builder fine = CompareJob.newBuilder().setQuestion(everything());
    OtherRow row = others(answer(everything())).get(0);
    assertThat(validated(fine.clone().addRows(row)).getState())
        .isEqualTo(JobState.JOB_STATE_PENDING);
    assertField("spec.compare.question", CompareJob.newBuilder());
    CompareJob.Builder job = fine.clone();
    job.getQuestionBuilder().clearWindow();
    assertField("spec.compare.question.window", job);
    job = fine.clone();
    job.getQuestionBuilder().setPageToken("x");
    assertField("spec.compare.question.page_token", job);
    assertField("spec.compare.rows[2]", fine.clone().addRows(row).addRows(added(row)).addRows(row));
    assertField(
        "spec.compare.rows[0].values", fine.clone().addRows(row.toBuilder().removeValues(0)));
    assertField("spec.compare.max_differing_share", fine.clone().setMaxDifferingShare(2));
    assertField("spec", fine.clone().addRows(row.toBuilder().putGroup("source", "a\0b")));
    assertThat(QueryHarness.number(harness.service.database(), "SELECT count(*) FROM jobs"))
        .isZero();
  }

  private static OtherRow added(OtherRow row) {
    return row.toBuilder().putGroup("source", "another").build();
  }

  private void assertField(String field, CompareJob.Builder job) {
    for (boolean validateOnly : new boolean[] {true, false}) {
      var request =
          CreateJobRequest.newBuilder().setSpec(spec(job)).setValidateOnly(validateOnly).build();
      Statuses told = Statuses.of(() -> harness.jobs().createJob(request));
      assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(told.field()).isEqualTo(field);
      assertThat(told.metadata()).containsEntry("field", field);
    }
  }

  @Test
  void job_isToldWithoutItsRows_andIsAnotherWithOthers() throws Exception {
    start(Map.of("WINDROW_JOB_SLOTS", "0"));
    OtherRow row = others(answer(everything())).get(0);
    CompareJob.Builder plain =
        CompareJob.newBuilder().setQuestion(everything()).setMaxDifferingShare(0.1);
    CreateJobRequest.Builder request =
        CreateJobRequest.newBuilder()
            .setRequestId("the-one")
            .setSpec(spec(plain.clone().addRows(row)));
    Job created = harness.jobs().createJob(request.build()).getJob();
    assertThat(created.getSpec()).isEqualTo(spec(plain));
    assertThat(harness.jobs().createJob(request.build()).getJob()).isEqualTo(created);
    assertThat(harness.get(created.getName())).isEqualTo(created);
    assertThat(harness.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobsList())
        .containsExactly(created);
    assertThat(validated(plain.clone().addRows(row)).getSpec()).isEqualTo(spec(plain));
    request.setSpec(spec(plain.clone().addRows(added(row))));
    assertThat(Statuses.of(() -> harness.jobs().createJob(request.build())).reason())
        .isEqualTo("REQUEST_ID_REUSED");
    var cancel = CancelJobRequest.newBuilder().setName(created.getName()).build();
    assertThat(harness.jobs().cancelJob(cancel).getJob().getSpec()).isEqualTo(spec(plain));
  }

  private Job validated(CompareJob.Builder job) {
    return harness
        .jobs()
        .createJob(CreateJobRequest.newBuilder().setSpec(spec(job)).setValidateOnly(true).build())
        .getJob();
  }

  /** Every metric that can be compared, by source and day. */
  private static SummarizeRequest everything() {
    return SummarizeRequest.newBuilder()
        .setWindow(JobHarness.WINDOW)
        .addMetrics(metric(Measure.MEASURE_COUNT))
        .addMetrics(metric(Measure.MEASURE_SUM))
        .addMetrics(metric(Measure.MEASURE_AVG))
        .addMetrics(metric(Measure.MEASURE_MIN))
        .addMetrics(metric(Measure.MEASURE_MAX))
        .addMetrics(metric(Measure.MEASURE_STDDEV))
        .addMetrics(metric(Measure.MEASURE_PERCENTILE).setPercentile(95))
        .addMetrics(metric(Measure.MEASURE_DISTINCT_ENTITIES))
        .addMetrics(metric(Measure.MEASURE_AMOUNT_SUM))
        .addMetrics(metric(Measure.MEASURE_RATE))
        .addMetrics(metric(Measure.MEASURE_STATUS_SHARE).setStatus("status-1"))
        .addGroupBy("source")
        .setInterval(Interval.INTERVAL_DAY)
        .build();
  }

  private static Metric.Builder metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure);
  }

  private static MetricDrift metric(DriftReport report, String name) {
    return report.getMetricsList().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<SummaryRow> answer(SummarizeRequest question) {
    return harness.service.client().summarize(question).getRowsList();
  }

  private static List<OtherRow> others(List<SummaryRow> rows) {
    return rows.stream()
        .map(
            row ->
                OtherRow.newBuilder()
                    .putAllGroup(row.getGroupMap())
                    .setIntervalStart(row.getWindow().getStartTime())
                    .addAllValues(row.getValuesList())
                    .build())
        .toList();
  }

  private static DifferingRow.Builder differing(SummaryRow row) {
    return DifferingRow.newBuilder().setWindow(row.getWindow()).putAllGroup(row.getGroupMap());
  }

  private static JobSpec spec(CompareJob.Builder job) {
    return JobSpec.newBuilder().setCompare(job).build();
  }

  private Job run(CompareJob.Builder job) {
    return harness.await(harness.create(spec(job)).getName());
  }

  private List<ReadJobResultResponse> result(CompareJob.Builder asked) {
    Job job = run(asked);
    assertThat(job.getState()).as("%s", job).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    assertThat(job.getProgress().getDone()).isEqualTo(1);
    return harness.result(job.getName());
  }

  private DriftReport report(CompareJob.Builder asked) {
    return result(asked).get(0).getDrift().getReport();
  }
}
