package dev.windrow.query.job;

import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Answers a question in one snapshot, and keeps all rows. */
public final class SummaryKind implements JobKind {
  private static final int PAGE_ROWS = 1_000;
  // Clients take messages of 4 MiB; a single row is far smaller.
  private static final int PAGE_BYTES = 1 << 20;

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

  /** At least one. */
  private static List<ReadJobResultResponse> pages(SummarizeResponse answer) {
    SummarizeResponse frame = answer.toBuilder().clearRows().clearNextPageToken().build();
    List<ReadJobResultResponse> pages = new ArrayList<>();
    SummarizeResponse.Builder page = frame.toBuilder();
    long bytes = 0;
    for (SummaryRow row : answer.getRowsList()) {
      if (page.getRowsCount() == PAGE_ROWS || bytes >= PAGE_BYTES) {
        pages.add(ReadJobResultResponse.newBuilder().setSummary(page).build());
        page = frame.toBuilder();
        bytes = 0;
      }
      page.addRows(row);
      bytes += row.getSerializedSize();
    }
    pages.add(ReadJobResultResponse.newBuilder().setSummary(page).build());
    return pages;
  }
}
