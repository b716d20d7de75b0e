package dev.windrow.query.job;

import dev.windrow.job.v1.ListJobsRequest;
import dev.windrow.query.paging.BoundToken;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobPlace;
import dev.windrow.runtime.job.JobState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A page of jobs, as it is asked for.
 *
 * @param states of the jobs
 * @param after the place of the last job of the page before; empty for the first page
 * @param size how many at most
 */
record JobListing(Set<JobState> states, Optional<JobPlace> after, int size) {
  private static final byte VERSION = 5;
  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1_000;

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
    int size = request.getPageSize();
    if (size < 0) {
      throw Failure.invalid("page_size", "must not be negative, got " + size).toException();
    }
    return new JobListing(
        states,
        after(request.getPageToken(), states),
        size == 0 ? DEFAULT_SIZE : Math.min(size, MAX_SIZE));
  }

  /** What asks for the next page; empty if this is the last. */
  String next(List<Job> jobs) {
    if (jobs.size() < size) {
      return "";
    }
    Job last = jobs.get(jobs.size() - 1);
    byte[] id = last.id().getBytes(StandardCharsets.UTF_8);
    byte[] content =
        ByteBuffer.allocate(1 + Long.BYTES + id.length)
            .put(VERSION)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, last.createdAt()))
            .put(id)
            .array();
    return BoundToken.encode(content, scope(states));
  }

  private static Optional<JobPlace> after(String token, Set<JobState> states) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      ByteBuffer content = BoundToken.decode(token, VERSION, Long.BYTES, scope(states));
      Instant at = Instant.EPOCH.plus(content.getLong(), ChronoUnit.MICROS);
      String id = StandardCharsets.UTF_8.decode(content).toString();
      if (id.indexOf('\0') < 0) {
        return Optional.of(new JobPlace(at, id));
      }
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      // As one of another listing.
    }
    throw Failure.invalid("page_token", "must be a next_page_token of these states").toException();
  }

  private static byte[] scope(Set<JobState> states) {
    Set<JobState> ordered = EnumSet.noneOf(JobState.class);
    ordered.addAll(states);
    return ("jobs " + ordered).getBytes(StandardCharsets.UTF_8);
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
