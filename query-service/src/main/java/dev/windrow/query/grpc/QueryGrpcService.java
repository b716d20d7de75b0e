package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answerer;
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
  private final Instance instance;
  private final Duration maxQueryTime;

  /**
   * @param maxQueryTime for calls without a deadline, or with a later one
   */
  public QueryGrpcService(Answerer answerer, Instance instance, Duration maxQueryTime) {
    this.answerer = answerer;
    this.instance = instance;
    this.maxQueryTime = maxQueryTime;
  }

  @Override
  public void summarize(SummarizeRequest request, StreamObserver<SummarizeResponse> observer) {
    Duration timeLimit = ReactiveCalls.remaining(maxQueryTime);
    ReactiveCalls.unary(
        Mono.fromSupplier(() -> Questions.of(request))
            .flatMap(question -> answerer.answer(question, timeLimit))
            .map(answer -> SummarizeResponses.of(answer, instance))
            .timeout(timeLimit),
        observer);
  }
}
