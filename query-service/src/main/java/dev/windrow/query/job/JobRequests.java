package dev.windrow.query.job;

import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.query.grpc.EventCalls;
import dev.windrow.query.grpc.RequestFields;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Requirements;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import dev.windrow.runtime.job.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** Reads a job from a request; what is wrong with it is an error that names the field. */
final class JobRequests {
  // Until callers have names, all are one.
  private static final String CLIENT = "";
  private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{1,100}");

  private final SummaryCalls summaries;

  JobRequests(SummaryCalls summaries) {
    this.summaries = summaries;
  }

  /** The job that is wanted, or INVALID_ARGUMENT, naming field and rule. */
  Mono<NewJob> of(CreateJobRequest request, Duration timeLimit) {
    return Mono.defer(
        () -> {
          JobSpec spec = request.getSpec();
          NewJob wanted =
              new NewJob(
                  CLIENT,
                  JobSpecs.kind(spec),
                  JobSpecs.stored(spec),
                  rewrites(spec),
                  requestId(request.getRequestId()));
          return check(spec, timeLimit).thenReturn(wanted);
        });
  }

  private Mono<Void> check(JobSpec spec, Duration timeLimit) {
    return switch (spec.getKindCase()) {
      case SUMMARY ->
          spec.getSummary().hasQuestion()
              ? summaries
                  .check(spec.getSummary().getQuestion(), timeLimit)
                  .onErrorMap(
                      WindrowException.class,
                      error -> error.failure().within("spec.summary.question.").toException())
              : Mono.error(Failure.invalid("spec.summary.question", "is required").toException());
      case EXPORT ->
          Mono.<Void>fromRunnable(() -> EventCalls.check(listing(spec.getExport(), "")))
              .onErrorMap(
                  WindrowException.class,
                  error -> error.failure().within("spec.export.").toException());
      case VERIFY, RECOMPUTE -> Mono.fromRunnable(() -> days(spec));
      case CREATE_ROLLUP -> Mono.fromRunnable(() -> RollupRequests.check(spec.getCreateRollup()));
      case RETIRE_ROLLUP -> Mono.fromRunnable(() -> RollupRequests.check(spec.getRetireRollup()));
      case VOID_EVENTS -> Mono.fromRunnable(() -> VoidRequests.check(spec.getVoidEvents()));
      case KIND_NOT_SET -> Mono.error(Failure.invalid("spec", "must have a kind").toException());
    };
  }

  /** The UTC days that the window of a rewriting or comparing job touches. */
  private static TimeRange days(JobSpec spec) {
    TimeRange window =
        spec.hasVerify()
            ? RequestFields.window(
                "spec.verify.window", spec.getVerify().hasWindow(), spec.getVerify().getWindow())
            : RequestFields.window(
                "spec.recompute.window",
                spec.getRecompute().hasWindow(),
                spec.getRecompute().getWindow());
    return new TimeRange(Grain.DAY.floor(window.fromMicros()), Grain.DAY.ceil(window.toMicros()));
  }

  private static Optional<NewJob.Stretch> rewrites(JobSpec spec) {
    boolean rewrites = spec.hasRecompute() || (spec.hasVerify() && spec.getVerify().getRepair());
    return rewrites ? Optional.of(stretch(days(spec))) : Optional.empty();
  }

  private static NewJob.Stretch stretch(TimeRange days) {
    return new NewJob.Stretch(
        Instant.EPOCH.plus(days.fromMicros(), ChronoUnit.MICROS),
        Instant.EPOCH.plus(days.toMicros(), ChronoUnit.MICROS));
  }

  /** The listing whose pages are copied out; half of what was asked for will not do. */
  static ListEventsRequest listing(ExportJob export, String pageToken) {
    ListEventsRequest.Builder listing =
        ListEventsRequest.newBuilder()
            .setFilter(export.getFilter())
            .setPageSize(Integer.MAX_VALUE)
            .setPageToken(pageToken)
            .setRequire(Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT));
    if (export.hasWindow()) {
      listing.setWindow(export.getWindow());
    }
    return listing.build();
  }

  private static Optional<String> requestId(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!REQUEST_ID.matcher(text).matches()) {
      throw Failure.invalid(
              "request_id", "must be up to 100 printable ASCII characters, without spaces")
          .toException();
    }
    return Optional.of(text);
  }
}
