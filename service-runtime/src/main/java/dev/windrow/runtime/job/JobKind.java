package dev.windrow.runtime.job;

import reactor.core.publisher.Mono;

/** A kind of work that jobs do. It may be begun several times for one job, each time anew. */
public interface JobKind {
  /** As it is stored with a job. */
  String name();

  /**
   * Does the work. Its end is that of the job: an error fails it, but for one that says that it may
   * be tried again. A cancel must stop it soon; what it then still does has no effect on the job.
   */
  Mono<Void> run(JobRun run);
}
