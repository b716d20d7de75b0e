package dev.windrow.query.job;

import dev.windrow.job.v1.CompareJob;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.drift.DriftFinder;
import dev.windrow.query.drift.RowKey;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.grpc.WholeAnswer;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Compares the answer to a question, in one snapshot, with the rows of another system. */
public final class CompareKind implements JobKind {
  private final SummaryCalls summaries;
  private final Duration timeLimit;

  /**
   * Questions that are compared so.
   *
   * @param summaries with the limits of jobs
   * @param timeLimit of one
   */
  public CompareKind(SummaryCalls summaries, Duration timeLimit) {
    this.summaries = summaries;
    this.timeLimit = timeLimit;
  }

  @Override
  public String name() {
    return "compare";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    CompareJob job = JobSpecs.read(run.job().spec()).getCompare();
    run.progress(0, 1);
    return summaries
        .rows(Comparison.question(job), timeLimit)
        .timeout(timeLimit)
        .flatMapIterable(answer -> pages(job, answer))
        .concatMap(page -> run.addPage(page.toByteArray()), 1)
        .then(Mono.fromRunnable(() -> run.progress(1, 1)));
  }

  private static List<ReadJobResultResponse> pages(CompareJob job, WholeAnswer answer) {
    Comparison asked = Comparison.of(job, answer.question());
    DriftFinder finder = asked.finder();
    for (AnswerRow row : answer.rows()) {
      finder.add(new RowKey(row.window(), row.group()), row.values());
    }
    return new DriftPages(answer.question())
        .of(finder.end(), asked.maxDifferingShare(), answer.info());
  }
}
