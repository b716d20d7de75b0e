package dev.windrow.query.job;

import dev.windrow.job.v1.ListJobsRequest;
import dev.windrow.query.paging.PageOf;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobPlace;
import dev.windrow.runtime.job.JobState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page of jobs, as it is asked for. Their key is when they were created, in microseconds, and
 * their id.
 *
 * @param states of the jobs
 * @param page which
 */
record JobListing(Set<JobState> states, PageOf page) {
  private static final char SEPARATOR = ' ';

  JobListing {
    states = Set.copyOf(states);
  }

  /**
   * The page that a request asks for.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static JobListing of(ListJobsRequest request) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (dev.windrow.job.v1.JobState state : request.getStatesList()) {
      states.add(state(state));
    }
    if (states.isEmpty()) {
      states = EnumSet.allOf(JobState.class);
    }
    return new JobListing(
        states, PageOf.of(request.getPageToken(), request.getPageSize(), "jobs " + states));
  }

  /** What asks for the next page; empty if this is the last. */
  String next(List<Job> jobs) {
    if (jobs.size() < page.size()) {
      return "";
    }
    Job last = jobs.get(jobs.size() - 1);
    return page.next(
        ChronoUnit.MICROS.between(Instant.EPOCH, last.createdAt()) + "" + SEPARATOR + last.id());
  }

  /**
   * The place of the last job of the page before; empty for the first page.
   *
   * @throws dev.windrow.runtime.error.WindrowException likewise
   */
  Optional<JobPlace> after() {
    String key = page.after();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      int end = key.indexOf(SEPARATOR);
      Instant at = Instant.EPOCH.plus(Long.parseLong(key, 0, end, 10), ChronoUnit.MICROS);
      return Optional.of(new JobPlace(at, key.substring(end + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException e) {
      throw PageOf.foreign();
    }
  }

  private static JobState state(dev.windrow.job.v1.JobState state) {
    return switch (state) {
      case JOB_STATE_PENDING -> JobState.PENDING;
      case JOB_STATE_RUNNING -> JobState.RUNNING;
      case JOB_STATE_SUCCEEDED -> JobState.SUCCEEDED;
      case JOB_STATE_FAILED -> JobState.FAILED;
      case JOB_STATE_CANCELLED -> JobState.CANCELLED;
      case JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw Failure.invalid("states", "must be of those declared").toException();
    };
  }
}
