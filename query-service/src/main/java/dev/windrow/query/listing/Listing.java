package dev.windrow.query.listing;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import java.util.Optional;

/**
 * Which events to list, validated.
 *
 * @param required of the first page; later ones show the same instant, and their tokens belong to
 *     the same requirements
 * @param position as of which to list; empty for now
 * @param scope what, with the window, a page token belongs to
 * @param after where the page before ended; empty for the first page
 */
public record Listing(
    TimeRange window,
    Filter filter,
    Requirements required,
    Optional<Position.OfSnapshot> position,
    String scope,
    int pageSize,
    Optional<PageToken> after) {
  public static final int DEFAULT_PAGE_SIZE = 100;
  public static final int MAX_PAGE_SIZE = 1_000;

  public Listing {
    if (pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
      throw new IllegalArgumentException("page size: must be from 1 to 1000, got " + pageSize);
    }
  }

  /** The snapshot whose events are listed; empty for that of the reading. */
  Optional<String> snapshot() {
    return after.map(PageToken::snapshot).or(() -> position.map(Position.OfSnapshot::text));
  }
}
