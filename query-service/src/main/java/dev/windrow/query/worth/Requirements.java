package dev.windrow.query.worth;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an answer must be worth.
 *
 * @param maxStalenessMicros more than 0
 * @param minCoverage from 0 to 1; 0 requires nothing
 * @param exact whether every metric must be exact
 * @param whole whether the window must be answered as a whole
 * @param minPosition which the answer must have reached, in the caller's words
 */
public record Requirements(
    OptionalLong maxStalenessMicros,
    double minCoverage,
    boolean exact,
    boolean whole,
    Optional<Position> minPosition) {
  /** Any answer will do. */
  public static final Requirements NONE =
      new Requirements(OptionalLong.empty(), 0, false, false, Optional.empty());

  public Requirements {
    if (maxStalenessMicros.isPresent() && maxStalenessMicros.getAsLong() <= 0) {
      throw new IllegalArgumentException("max_staleness: must be more than 0");
    }
    // Written so that NaN is refused.
    if (!(minCoverage >= 0 && minCoverage <= 1)) {
      throw new IllegalArgumentException("min_coverage: must be from 0 to 1, got " + minCoverage);
    }
  }

  /** The batch that a snapshot must be asked about. */
  OptionalLong batchId() {
    return minPosition.isPresent() && minPosition.get() instanceof Position.OfBatch batch
        ? OptionalLong.of(batch.batchId())
        : OptionalLong.empty();
  }
}
