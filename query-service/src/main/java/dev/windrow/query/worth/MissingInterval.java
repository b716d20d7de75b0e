package dev.windrow.query.worth;

import dev.windrow.rollup.TimeRange;

/**
 * A part of a window that is not known to be complete.
 *
 * @param source of {@link Reason#AFTER_WATERMARK}: whose watermark is the least; otherwise empty
 */
public record MissingInterval(TimeRange range, Reason reason, String source) {
  /** Why it is not. */
  public enum Reason {
    AFTER_WATERMARK,
    FUTURE
  }
}
