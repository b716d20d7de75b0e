package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.answer.Answered;
import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricDefinitions;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.Execution;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.config.Instance;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Questions as they are asked, and their answers as they are told. */
public final class SummaryCalls {
  private final Answerer answerer;
  private final MetricDefinitions definitions;
  private final Instance instance;

  public SummaryCalls(Answerer answerer, MetricDefinitions definitions, Instance instance) {
    this.answerer = answerer;
    this.definitions = definitions;
    this.instance = instance;
  }

  /** The page of the answer that the request asks for, or an error as callers may see it. */
  public Mono<SummarizeResponse> page(SummarizeRequest request, Duration timeLimit) {
    return catalog(request.getMetricsList(), timeLimit)
        .flatMap(
            catalog -> {
              checkExecution(request);
              Question asked = Questions.of(request, catalog);
              return page(request, asked, timeLimit);
            });
  }

  /** The answer with all of its rows. */
  public Mono<SummarizeResponse> whole(SummarizeRequest request, Duration timeLimit) {
    return catalog(request.getMetricsList(), timeLimit)
        .flatMap(catalog -> page(request, Questions.of(request, catalog).unlimited(), timeLimit));
  }

  /** Likewise, to compute with its rows. */
  public Mono<WholeAnswer> rows(SummarizeRequest request, Duration timeLimit) {
    return catalog(request.getMetricsList(), timeLimit)
        .flatMap(
            catalog -> {
              Question asked = Questions.of(request, catalog).unlimited();
              return answered(request, asked, SummaryPages.of(request, asked), timeLimit);
            })
        .map(
            answered ->
                new WholeAnswer(
                    answered.answer().question(),
                    answered.answer().rows(),
                    SummarizeResponses.info(answered, instance)));
  }

  private Mono<SummarizeResponse> page(
      SummarizeRequest request, Question asked, Duration timeLimit) {
    SummaryPages pages = SummaryPages.of(request, asked);
    return answered(request, asked, pages, timeLimit)
        .map(answered -> SummarizeResponses.of(answered, pages, instance));
  }

  private Mono<Answered> answered(
      SummarizeRequest request, Question asked, SummaryPages pages, Duration timeLimit) {
    return answerer.answer(
        asked,
        Questions.compared(request, asked),
        RequirementFields.of(request.getRequire()),
        pages.start(),
        timeLimit);
  }

  /** The question, if all of its answer can be asked for; else INVALID_ARGUMENT. */
  public Mono<Question> check(SummarizeRequest request, Duration timeLimit) {
    return catalog(request.getMetricsList(), timeLimit)
        .map(
            catalog -> {
              checkNow(request);
              if (!request.getPageToken().isEmpty()) {
                throw invalid("page_token", "must be empty: all pages are answered");
              }
              Question asked = Questions.of(request, catalog);
              Questions.compared(request, asked);
              RequirementFields.of(request.getRequire());
              SummaryPages.of(request, asked);
              return asked;
            });
  }

  /** The metrics that these may mean by name. */
  Mono<MetricCatalog> catalog(List<Metric> metrics, Duration timeLimit) {
    return metrics.stream().allMatch(metric -> metric.getDefinition().isEmpty())
        ? Mono.just(MetricCatalog.empty())
        : definitions.read(timeLimit).map(MetricCatalog::new);
  }

  /** A question that can only be answered at once. */
  static void checkNow(SummarizeRequest request) {
    if (request.getExecution() != Execution.EXECUTION_UNSPECIFIED) {
      throw invalid("execution", "must be left out here");
    }
    checkExecution(request);
  }

  private static void checkExecution(SummarizeRequest request) {
    switch (request.getExecution()) {
      case EXECUTION_UNSPECIFIED -> {
        if (!request.getRequestId().isEmpty()) {
          throw invalid("request_id", "must be empty without EXECUTION_AUTO");
        }
      }
      case EXECUTION_AUTO -> {
        if (!request.getPageToken().isEmpty()) {
          throw invalid("execution", "must be left out with a page_token");
        }
      }
      case UNRECOGNIZED -> throw invalid("execution", "must be one of those declared");
    }
  }
}
