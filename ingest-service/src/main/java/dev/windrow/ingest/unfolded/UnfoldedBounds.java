package dev.windrow.ingest.unfolded;

import java.time.Duration;

/**
 * How much of the delta may stay unfolded: a question pays for it row by row.
 *
 * @param maxEvents whether they are still carried or were handed over
 * @param maxTime since the oldest of them was stored
 */
public record UnfoldedBounds(int maxEvents, Duration maxTime) {
  // Who sends much fills a lane; all who send little together hardly fill theirs.
  private static final int EXPRESS_PARTS = 10;

  public UnfoldedBounds {
    if (maxEvents < 1 || maxTime.isNegative()) {
      throw new IllegalArgumentException("unfolded: bounds must be positive");
    }
  }

  /** Of these, the part of the express lane. */
  public UnfoldedBounds ofExpressLane() {
    return new UnfoldedBounds(Math.max(1, maxEvents / EXPRESS_PARTS), maxTime);
  }

  /** Of these, the part of each of so many other lanes. */
  public UnfoldedBounds ofLane(int lanes) {
    int rest = maxEvents - maxEvents / EXPRESS_PARTS;
    return new UnfoldedBounds(Math.max(1, rest / lanes), maxTime);
  }
}
