package dev.windrow.query.job;

import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Answers a question in one snapshot, and keeps all rows. */
public final class SummaryKind implements JobKind {
  private final SummaryCalls summaries;
  private final Duration timeLimit;

  /**
   * Questions that are answered so.
   *
   * @param summaries with the limits of jobs
   * @param timeLimit of one
   */
  public SummaryKind(SummaryCalls summaries, Duration timeLimit) {
    this.summaries = summaries;
    this.timeLimit = timeLimit;
  }

  @Override
  public String name() {
    return "summary";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    SummarizeRequest question = JobSpecs.read(run.job().spec()).getSummary().getQuestion();
    run.progress(0, 1);
    return summaries
        .whole(question, timeLimit)
        .timeout(timeLimit)
        .flatMapIterable(SummaryKind::pages)
        .concatMap(page -> run.addPage(page.toByteArray()), 1)
        .then(Mono.fromRunnable(() -> run.progress(1, 1)));
  }

  private static List<ReadJobResultResponse> pages(SummarizeResponse answer) {
    SummarizeResponse frame = answer.toBuilder().clearRows().clearNextPageToken().build();
    return ResultPages.of(answer.getRowsList()).stream()
        .map(rows -> frame.toBuilder().addAllRows(rows))
        .map(page -> ReadJobResultResponse.newBuilder().setSummary(page).build())
        .toList();
  }
}
