package dev.windrow.query.paging;

import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import java.util.Optional;

/**
 * Where a page of an answer begins.
 *
 * @param position as of which all pages answer; empty for now, which only a first page can be
 * @param offset how many rows come before it
 * @param window that the first page has answered; empty for a first page
 */
public record PageStart(
    Optional<Position.OfSnapshot> position, int offset, Optional<TimeRange> window) {
  /** The first page of an answer of now. */
  public static final PageStart NOW = first(Optional.empty());

  public PageStart {
    if (offset < 0) {
      throw new IllegalArgumentException("offset: must not be negative, got " + offset);
    }
    if ((position.isEmpty() || window.isEmpty()) && offset > 0) {
      throw new IllegalArgumentException(
          "position, window: later pages need both, got offset " + offset);
    }
  }

  /** The first page of an answer as of a position, or of now. */
  public static PageStart first(Optional<Position.OfSnapshot> position) {
    return new PageStart(position, 0, Optional.empty());
  }
}
