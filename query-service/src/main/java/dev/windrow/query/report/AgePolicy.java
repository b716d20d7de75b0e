package dev.windrow.query.report;

import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Coverage;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import java.time.Duration;

/** Which requirements an answer that was read some time ago still meets for certain. */
final class AgePolicy {
  private static final long NANOS_PER_MICRO = 1_000;

  private AgePolicy() {}

  /** Whether the answer may be given again to a caller who requires this. */
  static boolean meets(Requirements required, ReportAnswer answer, Duration age) {
    return exact(required, answer)
        && fresh(required, answer.facts(), age)
        && complete(required, answer)
        && reached(required, answer.facts());
  }

  private static boolean exact(Requirements required, ReportAnswer answer) {
    return !required.exact() || answer.exactness().stream().noneMatch(MetricExactness::sketch);
  }

  // The newest batch that the answer shows has become older with it.
  private static boolean fresh(Requirements required, SnapshotFacts facts, Duration age) {
    if (required.maxStalenessMicros().isEmpty()) {
      return true;
    }
    if (facts.newestBatchTime().isEmpty()) {
      return false;
    }
    long before = Math.max(0, facts.snapshotTime() - facts.newestBatchTime().getAsLong());
    return before + age.toNanos() / NANOS_PER_MICRO <= required.maxStalenessMicros().getAsLong();
  }

  private static boolean complete(Requirements required, ReportAnswer answer) {
    double share = answer.completeness().coverage().map(Coverage::share).orElse(0.0);
    return share >= required.minCoverage();
  }

  // A snapshot does not tell which batches it shows, but for the one that it was asked about.
  private static boolean reached(Requirements required, SnapshotFacts facts) {
    return required.minPosition().isEmpty()
        || (required.minPosition().get() instanceof Position.OfSnapshot position
            && position.isReached(facts));
  }
}
