package dev.windrow.ingest.lane;

import java.time.Duration;

/**
 * The bounds of one lane.
 *
 * @param maxRequests waiting at once
 * @param maxBytes of requests waiting or being flushed
 * @param flushEvents after which a flush takes no further request
 * @param flushBytes likewise
 * @param flushInterval between the begins of flushes while requests come faster than that
 */
public record LaneSettings(
    int maxRequests, long maxBytes, int flushEvents, long flushBytes, Duration flushInterval) {
  public LaneSettings {
    if (maxRequests < 1 || maxBytes < 1 || flushEvents < 1 || flushBytes < 1) {
      throw new IllegalArgumentException("lane: bounds must be positive");
    }
    if (flushInterval.isNegative()) {
      throw new IllegalArgumentException("lane: the interval must not be negative");
    }
  }
}
