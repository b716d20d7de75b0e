package dev.windrow.query.job;

import com.google.protobuf.Timestamp;
import dev.windrow.job.v1.JobError;
import dev.windrow.job.v1.JobProgress;
import dev.windrow.job.v1.JobState;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobFailure;
import java.time.Instant;

/** Writes jobs as their messages. */
final class JobMessages {
  private JobMessages() {}

  static dev.windrow.job.v1.Job of(Job job) {
    var message =
        dev.windrow.job.v1.Job.newBuilder()
            .setName(JobNames.of(job.id()))
            .setSpec(JobSpecs.read(job.spec()))
            .setState(state(job.state()))
            .setCreateTime(timestamp(job.createdAt()))
            .setProgress(JobProgress.newBuilder().setDone(job.done()).setTotal(job.total()))
            .setAttempt(job.attempt())
            .setWorker(job.worker())
            .setCancelRequested(job.cancelRequested())
            .setResultPageCount(job.pageCount());
    Instant started = job.startedAt();
    if (started != null) {
      message.setStartTime(timestamp(started));
    }
    Instant ended = job.endedAt();
    if (ended != null) {
      message.setEndTime(timestamp(ended));
    }
    Instant expires = job.expiresAt();
    if (expires != null) {
      message.setExpireTime(timestamp(expires));
    }
    JobFailure failure = job.failure();
    if (failure != null) {
      message.setError(
          JobError.newBuilder()
              .setCode(failure.code())
              .setReason(failure.reason())
              .setMessage(failure.message())
              .putAllMetadata(failure.metadata()));
    }
    return message.build();
  }

  static JobState state(dev.windrow.runtime.job.JobState state) {
    return switch (state) {
      case PENDING -> JobState.JOB_STATE_PENDING;
      case RUNNING -> JobState.JOB_STATE_RUNNING;
      case SUCCEEDED -> JobState.JOB_STATE_SUCCEEDED;
      case FAILED -> JobState.JOB_STATE_FAILED;
      case CANCELLED -> JobState.JOB_STATE_CANCELLED;
    };
  }

  private static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }
}
