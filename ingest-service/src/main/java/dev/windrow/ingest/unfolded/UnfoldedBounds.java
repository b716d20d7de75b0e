package dev.windrow.ingest.unfolded;

import java.time.Duration;

/**
 * How much of the delta may stay unfolded: a question pays for it row by row.
 *
 * @param maxEvents of one lane, whether it still carries them or has handed them over
 * @param maxTime since the oldest of them was stored
 */
public record UnfoldedBounds(int maxEvents, Duration maxTime) {
  public UnfoldedBounds {
    if (maxEvents < 1 || maxTime.isNegative()) {
      throw new IllegalArgumentException("unfolded: bounds must be positive");
    }
  }
}
