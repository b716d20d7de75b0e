package dev.windrow.ingest.job;

import dev.windrow.runtime.job.JobRun;

/** What the audit calls a job that changes something. */
final class JobActor {
  private JobActor() {}

  /** As callers name the job. */
  static String of(JobRun run) {
    return "jobs/" + run.job().id();
  }
}
