package dev.windrow.query.question;

/** How a window is cut into stretches. */
public enum IntervalUnit {
  /** Not at all. */
  NONE,
  MINUTE,
  HOUR,
  DAY,
  /** From Monday. */
  WEEK,
  MONTH,
  /** From January, April, July and October. */
  QUARTER,
  YEAR
}
