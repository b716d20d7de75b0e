package dev.windrow.runtime.job;

/** Where a job stands. */
public enum JobState {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** Whether it stays so for ever. */
  public boolean isEnded() {
    return this != PENDING && this != RUNNING;
  }
}
