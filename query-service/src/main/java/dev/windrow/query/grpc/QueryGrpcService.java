package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricDefinitions;
import dev.windrow.query.latest.LatestAnswerer;
import dev.windrow.query.latest.LatestQuestion;
import dev.windrow.query.latest.PageRequest;
import dev.windrow.query.listing.EventLister;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.GetLatestResponse;
import dev.windrow.query.v1.GetStatsRequest;
import dev.windrow.query.v1.GetStatsResponse;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.ListMetricDefinitionsRequest;
import dev.windrow.query.v1.ListMetricDefinitionsResponse;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.grpc.ReactiveCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The query service as gRPC has it. */
public final class QueryGrpcService extends QueryServiceGrpc.QueryServiceImplBase {
  private final Answerer answerer;
  private final MetricDefinitions definitions;
  private final EventLister lister;
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
      MetricDefinitions definitions,
      EventLister lister,
      LatestAnswerer latest,
      Instance instance,
      Duration maxQueryTime) {
    this.answerer = answerer;
    this.definitions = definitions;
    this.lister = lister;
    this.latest = latest;
    this.instance = instance;
    this.maxQueryTime = maxQueryTime;
  }

  @Override
  public void summarize(SummarizeRequest request, StreamObserver<SummarizeResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        catalog(request, timeLimit)
            .flatMap(
                catalog -> {
                  Question asked = Questions.of(request, catalog);
                  return answerer.answer(
                      asked,
                      Questions.compared(request, asked),
                      RequirementFields.of(request.getRequire()),
                      timeLimit);
                })
            .map(answer -> SummarizeResponses.of(answer, instance))
            .timeout(timeLimit),
        observer);
  }

  private Mono<MetricCatalog> catalog(SummarizeRequest request, Duration timeLimit) {
    return request.getMetricsList().stream().allMatch(metric -> metric.getDefinition().isEmpty())
        ? Mono.just(MetricCatalog.empty())
        : definitions.read(timeLimit).map(MetricCatalog::new);
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
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        Mono.fromSupplier(() -> Listings.of(request))
            .flatMap(
                listing ->
                    lister
                        .list(listing, timeLimit)
                        .map(page -> ListEventsResponses.of(listing, page, instance)))
            .timeout(timeLimit),
        observer);
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
