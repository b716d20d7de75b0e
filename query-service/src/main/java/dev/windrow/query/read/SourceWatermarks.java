package dev.windrow.query.read;

import java.util.List;
import java.util.Optional;

/**
 * What the sources of a tenant are declared to be complete up to. A source that never declared
 * anything is not among them.
 *
 * @param listed the first ones by name
 * @param unlisted how many more there are; all are counted up to {@link #MAX_COUNTED}
 * @param least of all, listed or not: the first by name of several; empty if there is none at all
 */
public record SourceWatermarks(
    List<SourceWatermark> listed, long unlisted, Optional<SourceWatermark> least) {
  /** Nobody has declared anything. */
  public static final SourceWatermarks NONE = new SourceWatermarks(List.of(), 0, Optional.empty());

  public static final int MAX_LISTED = 100;
  public static final int MAX_COUNTED = 200;

  public SourceWatermarks {
    listed = List.copyOf(listed);
  }
}
