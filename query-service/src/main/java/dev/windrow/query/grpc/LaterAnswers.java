package dev.windrow.query.grpc;

import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import reactor.core.publisher.Mono;

/** What answers questions that are too costly to be answered at once. */
@FunctionalInterface
public interface LaterAnswers {
  /** A response that says where the answer will be. */
  Mono<SummarizeResponse> answer(SummarizeRequest request);
}
