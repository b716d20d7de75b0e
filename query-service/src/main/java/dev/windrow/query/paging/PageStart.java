package dev.windrow.query.paging;

import dev.windrow.query.worth.Position;
import java.util.Optional;

/**
 * Where a page of an answer begins.
 *
 * @param position as of which all pages answer; empty for now, which only a first page can be
 * @param offset how many rows come before it
 */
public record PageStart(Optional<Position.OfSnapshot> position, int offset) {
  /** The first page of an answer of now. */
  public static final PageStart NOW = new PageStart(Optional.empty(), 0);

  public PageStart {
    if (offset < 0) {
      throw new IllegalArgumentException("offset: must not be negative, got " + offset);
    }
    if (position.isEmpty() && offset > 0) {
      throw new IllegalArgumentException("position: later pages need one, got offset " + offset);
    }
  }
}
