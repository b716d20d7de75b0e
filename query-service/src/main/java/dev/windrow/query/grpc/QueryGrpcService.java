package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.listing.EventLister;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
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
  private final EventLister lister;
  private final Instance instance;
  private final Duration maxQueryTime;

  /**
   * A service that answers by these parts.
   *
   * @param maxQueryTime for calls without a deadline, or with a later one
   */
  public QueryGrpcService(
      Answerer answerer, EventLister lister, Instance instance, Duration maxQueryTime) {
    this.answerer = answerer;
    this.lister = lister;
    this.instance = instance;
    this.maxQueryTime = maxQueryTime;
  }

  @Override
  public void summarize(SummarizeRequest request, StreamObserver<SummarizeResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        Mono.defer(
                () ->
                    answerer.answer(
                        Questions.of(request),
                        RequirementFields.of(request.getRequire()),
                        timeLimit))
            .map(answer -> SummarizeResponses.of(answer, instance))
            .timeout(timeLimit),
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
}
