package dev.windrow.ingest.lane;

/**
 * The bounds of one lane.
 *
 * @param maxRequests waiting at once
 * @param maxBytes of requests waiting or being flushed
 * @param flushEvents after which a flush takes no further request
 * @param flushBytes likewise
 */
public record LaneSettings(int maxRequests, long maxBytes, int flushEvents, long flushBytes) {
  public LaneSettings {
    if (maxRequests < 1 || maxBytes < 1 || flushEvents < 1 || flushBytes < 1) {
      throw new IllegalArgumentException("lane: bounds must be positive");
    }
  }
}
