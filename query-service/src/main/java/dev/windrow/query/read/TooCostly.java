package dev.windrow.query.read;

import dev.windrow.query.plan.Estimate;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.List;
import java.util.Map;

/** The answers to questions that would cost more than {@link ReadLimits} allow. */
public final class TooCostly {
  private static final String RAW_SCAN = "RAW_SCAN_TOO_LARGE";
  private static final String QUESTION = "QUESTION_TOO_COSTLY";

  private TooCostly() {}

  /** Whether an error says that the rows to read are too many for a call, though not for a job. */
  public static boolean isNow(Throwable error) {
    return error instanceof WindrowException known
        && List.of(RAW_SCAN, QUESTION).contains(known.failure().reason());
  }

  /** Such an error, as a caller is told who might have had a job made of the question. */
  public static Throwable unlessByAJob(Throwable error) {
    if (!isNow(error) || !(error instanceof WindrowException known)) {
      return error;
    }
    Failure failure = known.failure();
    return Failure.of(
            failure.code(),
            failure.reason(),
            failure.message() + "; or ask with EXECUTION_AUTO, and a job will answer",
            failure.metadata())
        .toException();
  }

  /** RAW_SCAN_TOO_LARGE: more events than may be read. */
  public static WindrowException rawScan(ReadLimits limits, String why) {
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            RAW_SCAN,
            "raw events: at most " + limits.maxRawRows() + " are read for an answer; " + why,
            Map.of("max_raw_rows", Long.toString(limits.maxRawRows()), "why", why))
        .toException();
  }

  static WindrowException question(
      ReadLimits limits, Estimate estimate, String dimensions, String advice) {
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            QUESTION,
            "question: about "
                + estimate.admittedCost()
                + " rows would be read, at most "
                + limits.maxCost()
                + " are; "
                + advice,
            Map.of(
                "estimated_cost", Long.toString(estimate.admittedCost()),
                "estimated_bucket_rows", Long.toString(estimate.bucketRows()),
                "estimated_event_rows", Long.toString(estimate.eventRows()),
                "max_cost", Long.toString(limits.maxCost()),
                "dimensions", dimensions,
                "advice", advice))
        .toException();
  }

  /** TOO_MANY_GROUPS: more rows than may be in memory. */
  public static WindrowException groups(ReadLimits limits) {
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "TOO_MANY_GROUPS",
            "groups: at most " + limits.maxGroups() + " in all intervals together",
            Map.of("max_groups", Integer.toString(limits.maxGroups())))
        .toException();
  }
}
