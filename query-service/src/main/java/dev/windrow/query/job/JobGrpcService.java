package dev.windrow.query.job;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import dev.windrow.job.v1.CancelJobRequest;
import dev.windrow.job.v1.CancelJobResponse;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.CreateJobResponse;
import dev.windrow.job.v1.GetJobRequest;
import dev.windrow.job.v1.GetJobResponse;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ListJobsRequest;
import dev.windrow.job.v1.ListJobsResponse;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.SummaryJob;
import dev.windrow.job.v1.WaitJobRequest;
import dev.windrow.job.v1.WaitJobResponse;
import dev.windrow.job.v1.WatchJobRequest;
import dev.windrow.job.v1.WatchJobResponse;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.grpc.ConnectionAge;
import dev.windrow.runtime.grpc.ReactiveCalls;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.Jobs;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The jobs as gRPC has them. */
public final class JobGrpcService extends JobServiceGrpc.JobServiceImplBase {
  // So that an answer of a wait comes before the caller's deadline.
  private static final java.time.Duration MARGIN = java.time.Duration.ofMillis(200);

  private static final java.time.Duration RETRY_AFTER = java.time.Duration.ofMillis(500);

  private final Jobs jobs;
  private final JobRequests requests;
  private final java.time.Duration maxTime;
  private final Sinks.Empty<Void> leaving = Sinks.empty();

  /**
   * A service of these jobs.
   *
   * @param summaries that check questions
   * @param maxTime for calls without a deadline, or with a later one; streams may be longer
   */
  public JobGrpcService(Jobs jobs, SummaryCalls summaries, java.time.Duration maxTime) {
    this.jobs = jobs;
    this.requests = new JobRequests(summaries);
    this.maxTime = maxTime;
  }

  /** Has a question answered by a job. */
  public Mono<SummarizeResponse> answerLater(SummarizeRequest request) {
    SummarizeRequest question = request.toBuilder().clearExecution().clearRequestId().build();
    return create(
            CreateJobRequest.newBuilder()
                .setSpec(
                    JobSpec.newBuilder().setSummary(SummaryJob.newBuilder().setQuestion(question)))
                .setRequestId(request.getRequestId())
                .build(),
            maxTime)
        .map(created -> SummarizeResponse.newBuilder().setJob(created.getJob().getName()).build());
  }

  @Override
  public void createJob(CreateJobRequest request, StreamObserver<CreateJobResponse> observer) {
    java.time.Duration timeLimit = ReactiveCalls.remaining(maxTime);
    ReactiveCalls.unary(create(request, timeLimit).timeout(timeLimit), observer);
  }

  private Mono<CreateJobResponse> create(CreateJobRequest request, java.time.Duration timeLimit) {
    return requests
        .of(request, timeLimit)
        .flatMap(
            wanted ->
                request.getValidateOnly()
                    ? Mono.just(
                        dev.windrow.job.v1.Job.newBuilder()
                            .setSpec(JobSpecs.told(request.getSpec()))
                            .setState(JobState.JOB_STATE_PENDING)
                            .build())
                    : jobs.create(wanted).map(JobMessages::of))
        .map(job -> CreateJobResponse.newBuilder().setJob(job).build());
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
    ReactiveCalls.unary(
        Mono.defer(() -> jobs.find(JobNames.id(request.getName())))
            .map(job -> GetJobResponse.newBuilder().setJob(JobMessages.of(job)).build())
            .timeout(ReactiveCalls.remaining(maxTime)),
        observer);
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
    ReactiveCalls.unary(
        Mono.fromSupplier(() -> JobListing.of(request))
            .flatMap(
                listing ->
                    jobs.list(listing.states(), listing.after(), listing.page().size())
                        .map(
                            found -> {
                              var response =
                                  ListJobsResponse.newBuilder()
                                      .setNextPageToken(listing.next(found));
                              found.forEach(job -> response.addJobs(JobMessages.of(job)));
                              return response.build();
                            }))
            .timeout(ReactiveCalls.remaining(maxTime)),
        observer);
  }

  @Override
  public void waitJob(WaitJobRequest request, StreamObserver<WaitJobResponse> observer) {
    java.time.Duration timeLimit = ReactiveCalls.remaining(maxTime);
    ReactiveCalls.unary(
        Mono.defer(
                () -> {
                  String id = JobNames.id(request.getName());
                  java.time.Duration wait = wait(request, timeLimit.minus(MARGIN));
                  return jobs.find(id)
                      .flatMap(
                          first -> jobs.watch(id).takeUntilOther(Mono.delay(wait)).last(first));
                })
            .map(job -> WaitJobResponse.newBuilder().setJob(JobMessages.of(job)).build())
            .timeout(timeLimit),
        observer);
  }

  private static java.time.Duration wait(WaitJobRequest request, java.time.Duration longest) {
    Duration asked = request.getTimeout();
    if (!Durations.isValid(asked) || Durations.isNegative(asked)) {
      throw Failure.invalid("timeout", "must be a duration that is not negative").toException();
    }
    java.time.Duration wanted =
        request.hasTimeout()
            ? java.time.Duration.ofSeconds(asked.getSeconds(), asked.getNanos())
            : longest;
    java.time.Duration shorter = wanted.compareTo(longest) < 0 ? wanted : longest;
    return shorter.isNegative() ? java.time.Duration.ZERO : shorter;
  }

  @Override
  public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> observer) {
    ReactiveCalls.stream(
        untilLeaving(
            Flux.defer(() -> jobs.watch(JobNames.id(request.getName())))
                .map(job -> WatchJobResponse.newBuilder().setJob(JobMessages.of(job)).build())),
        observer);
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> observer) {
    ReactiveCalls.unary(
        Mono.defer(() -> jobs.cancel(JobNames.id(request.getName())))
            .map(job -> CancelJobResponse.newBuilder().setJob(JobMessages.of(job)).build())
            .timeout(ReactiveCalls.remaining(maxTime)),
        observer);
  }

  @Override
  public void readJobResult(
      ReadJobResultRequest request, StreamObserver<ReadJobResultResponse> observer) {
    ReactiveCalls.stream(
        untilLeaving(Mono.fromSupplier(() -> checked(request)).flatMapMany(this::pages)), observer);
  }

  /** Ends the streams, and those that are still to come, in their own words. */
  public void drain() {
    leaving.tryEmitEmpty();
  }

  // When this server stops, or the connection has come of age.
  private <T> Flux<T> untilLeaving(Flux<T> stream) {
    Mono<Object> aged =
        ConnectionAge.untilLeaving()
            .map(age -> Mono.delay(age).cast(Object.class))
            .orElseGet(Mono::never);
    Mono<Object> left = Mono.firstWithSignal(leaving.asMono().thenReturn(true), aged);
    return stream.takeUntilOther(left.then(Mono.error(JobGrpcService::goingAway)));
  }

  private static Throwable goingAway() {
    return Failure.retryable(
            Status.Code.UNAVAILABLE,
            "GOING_AWAY",
            "this server is going away; call again",
            RETRY_AFTER)
        .toException();
  }

  private static ReadJobResultRequest checked(ReadJobResultRequest request) {
    if (request.getFirstPage() < 0) {
      throw Failure.invalid("first_page", "must not be negative, got " + request.getFirstPage())
          .toException();
    }
    if (request.getMaxPages() < 0) {
      throw Failure.invalid("max_pages", "must not be negative, got " + request.getMaxPages())
          .toException();
    }
    return request;
  }

  private Flux<ReadJobResultResponse> pages(ReadJobResultRequest request) {
    String id = JobNames.id(request.getName());
    return jobs.find(id)
        .flatMapMany(
            job -> {
              if (job.state() != dev.windrow.runtime.job.JobState.SUCCEEDED) {
                return Flux.error(notSucceeded(job));
              }
              int first = Math.min(request.getFirstPage(), job.pageCount());
              int rest = job.pageCount() - first;
              int count = request.getMaxPages() == 0 ? rest : Math.min(request.getMaxPages(), rest);
              return Flux.range(first, count).concatMap(page -> page(job, page), 0);
            });
  }

  // What has expired while it was read is not there any more, as for one who comes later.
  private Mono<ReadJobResultResponse> page(Job job, int page) {
    return jobs.page(job.id(), page)
        .switchIfEmpty(Mono.defer(() -> jobs.find(job.id()).then(Mono.<byte[]>empty())))
        .map(body -> page(body, page + 1 < job.pageCount() ? page + 1 : 0));
  }

  private static ReadJobResultResponse page(byte[] body, int next) {
    try {
      return ReadJobResultResponse.parseFrom(body).toBuilder().setNextPage(next).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("job_pages: a page cannot be read", e);
    }
  }

  private static RuntimeException notSucceeded(Job job) {
    String state = JobMessages.state(job.state()).name();
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "JOB_NOT_SUCCEEDED",
            "job: must have succeeded to have a result, is " + state,
            Map.of("state", state))
        .toException();
  }
}
