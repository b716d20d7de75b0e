package dev.windrow.query.question;

/**
 * One key to sort rows by.
 *
 * @param index of the metric or the group; 0 for the interval
 */
public record OrderTerm(Target target, int index, boolean descending) {
  /** What is compared. */
  public enum Target {
    INTERVAL_START,
    GROUP,
    METRIC
  }
}
