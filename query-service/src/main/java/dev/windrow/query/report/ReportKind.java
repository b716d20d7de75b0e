package dev.windrow.query.report;

/** What a report computes. */
public enum ReportKind {
  /** A question. */
  SUMMARY,
  /** The health of each entity on each UTC day. */
  DAILY_HEALTH
}
