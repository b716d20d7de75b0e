package dev.windrow.query.job;

import com.google.protobuf.util.Timestamps;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.GetJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.SummaryJob;
import dev.windrow.job.v1.WaitJobRequest;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service with a client of its jobs. */
final class JobHarness implements AutoCloseable {
  static final TimeWindow WINDOW =
      window(
          RandomEvents.START - 100 * RandomEvents.DAY, RandomEvents.START + 20 * RandomEvents.DAY);

  final QueryHarness service;

  private JobHarness(QueryHarness service) {
    this.service = service;
  }

  static JobHarness start(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(Map.of("WINDROW_JOB_LEASE", "PT1S"));
    settings.putAll(more);
    return new JobHarness(QueryHarness.start(settings));
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(service.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  Job create(JobSpec spec) {
    return jobs().createJob(CreateJobRequest.newBuilder().setSpec(spec).build()).getJob();
  }

  Job get(String name) {
    return jobs().getJob(GetJobRequest.newBuilder().setName(name).build()).getJob();
  }

  /** The job when it has ended, or after half a minute. */
  Job await(String name) {
    return jobs().waitJob(WaitJobRequest.newBuilder().setName(name).build()).getJob();
  }

  List<ReadJobResultResponse> result(String name) {
    List<ReadJobResultResponse> pages = new ArrayList<>();
    jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(name).build())
        .forEachRemaining(pages::add);
    return pages;
  }

  static JobSpec summary(SummarizeRequest.Builder question) {
    return JobSpec.newBuilder().setSummary(SummaryJob.newBuilder().setQuestion(question)).build();
  }

  static JobSpec export(String filter) {
    return JobSpec.newBuilder()
        .setExport(ExportJob.newBuilder().setWindow(WINDOW).setFilter(filter))
        .build();
  }

  static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMicros(from))
        .setEndTime(Timestamps.fromMicros(to))
        .build();
  }

  @Override
  public void close() {
    service.close();
  }
}
