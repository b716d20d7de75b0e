package dev.windrow.runtime.job;

import reactor.core.publisher.Mono;

/** A job under way, as its kind sees it. */
public interface JobRun {
  Job job();

  /**
   * Says how far it is; told to others with the next renewal of the lease. Never waits.
   *
   * @param total 0 if nobody knows
   */
  void progress(long done, long total);

  /** Adds a page to the result, which is seen once the job has succeeded. One at a time. */
  Mono<Void> addPage(byte[] body);
}
