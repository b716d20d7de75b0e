package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricDefinitions;
import dev.windrow.query.latest.LatestAnswerer;
import dev.windrow.query.latest.LatestQuestion;
import dev.windrow.query.latest.PageRequest;
import dev.windrow.query.question.Drilldown;
import dev.windrow.query.read.TooCostly;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.DrilldownResponse;
import dev.windrow.query.v1.Execution;
import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.GetLatestResponse;
import dev.windrow.query.v1.GetStatsRequest;
import dev.windrow.query.v1.GetStatsResponse;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.ListMetricDefinitionsRequest;
import dev.windrow.query.v1.ListMetricDefinitionsResponse;
import dev.windrow.query.v1.ListReportsRequest;
import dev.windrow.query.v1.ListReportsResponse;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.grpc.ReactiveCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The query service as gRPC has it. */
public final class QueryGrpcService extends QueryServiceGrpc.QueryServiceImplBase {
  private final Answerer answerer;
  private final SummaryCalls summaries;
  private final LaterAnswers later;
  private final MetricDefinitions definitions;
  private final EventCalls events;
  private final WatchSummaries watching;
  private final ReportCalls reports;
  private final LatestAnswerer latest;
  private final Instance instance;
  private final Duration maxQueryTime;

  /**
   * A service that answers by these parts.
   *
   * @param maxQueryTime for calls without a deadline, or with a later one
   */
  public QueryGrpcService(
      Answerer answerer,
      SummaryCalls summaries,
      LaterAnswers later,
      MetricDefinitions definitions,
      EventCalls events,
      WatchSummaries watching,
      ReportCalls reports,
      LatestAnswerer latest,
      Instance instance,
      Duration maxQueryTime) {
    this.answerer = answerer;
    this.summaries = summaries;
    this.later = later;
    this.definitions = definitions;
    this.events = events;
    this.watching = watching;
    this.reports = reports;
    this.latest = latest;
    this.instance = instance;
    this.maxQueryTime = maxQueryTime;
  }

  @Override
  public void summarize(SummarizeRequest request, StreamObserver<SummarizeResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        summaries
            .page(request, timeLimit)
            .onErrorResume(
                TooCostly::isNow,
                error ->
                    request.getExecution() == Execution.EXECUTION_AUTO
                        ? later.answer(request)
                        : Mono.error(TooCostly.unlessByAJob(error)))
            .timeout(timeLimit),
        observer);
  }

  @Override
  public void drilldown(DrilldownRequest request, StreamObserver<DrilldownResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        summaries
            .catalog(request.getQuestion().getMetricsList(), timeLimit)
            .flatMap(
                catalog -> {
                  Drilldown asked = Drilldowns.of(request, catalog);
                  SummaryPages pages = SummaryPages.of(request, asked.parts());
                  return answerer
                      .drill(asked, Drilldowns.required(request), pages.start(), timeLimit)
                      .map(found -> DrilldownResponses.of(request, asked, found, pages, instance));
                })
            .timeout(timeLimit),
        observer);
  }

  @Override
  public void watchSummary(
      WatchSummaryRequest request, StreamObserver<WatchSummaryResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    watching.open(
        request,
        summaries.catalog(request.getQuestion().getMetricsList(), timeLimit).timeout(timeLimit),
        observer);
  }

  @Override
  public void listMetricDefinitions(
      ListMetricDefinitionsRequest request,
      StreamObserver<ListMetricDefinitionsResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        definitions.read(timeLimit).map(MetricDefinitionsResponses::of).timeout(timeLimit),
        observer);
  }

  @Override
  public void listReports(
      ListReportsRequest request, StreamObserver<ListReportsResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(reports.list(timeLimit).timeout(timeLimit), observer);
  }

  @Override
  public void runReport(RunReportRequest request, StreamObserver<RunReportResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(reports.run(request, timeLimit).timeout(timeLimit), observer);
  }

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(events.page(request, timeLimit).timeout(timeLimit), observer);
  }

  @Override
  public void getLatest(GetLatestRequest request, StreamObserver<GetLatestResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        Mono.defer(
                () -> {
                  LatestQuestion question = LatestQuestions.of(request);
                  PageRequest page = LatestQuestions.page(request);
                  return latest
                      .page(question, page, timeLimit)
                      .map(found -> LatestResponses.of(question, found, instance));
                })
            .timeout(timeLimit),
        observer);
  }

  @Override
  public void getStats(GetStatsRequest request, StreamObserver<GetStatsResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        Mono.fromSupplier(() -> LatestQuestions.of(request))
            .flatMap(
                question ->
                    latest
                        .stats(question, timeLimit)
                        .map(stats -> LatestResponses.of(question, stats, instance)))
            .timeout(timeLimit),
        observer);
  }
}
