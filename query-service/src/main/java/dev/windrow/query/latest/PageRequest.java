package dev.windrow.query.latest;

import java.util.Optional;

/**
 * Which pairs of an answer to show.
 *
 * @param scope what a token belongs to
 * @param after where the page before ended; empty for the first page
 */
public record PageRequest(int size, String scope, Optional<LatestPageToken> after) {
  public static final int DEFAULT_SIZE = 1_000;
  public static final int MAX_SIZE = 10_000;

  public PageRequest {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("page size: must be from 1 to 10000, got " + size);
    }
  }
}
