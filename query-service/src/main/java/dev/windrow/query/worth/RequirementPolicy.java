package dev.windrow.query.worth;

import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds what of the requirements is not met, as it is told to callers. */
final class RequirementPolicy {
  // Trailers of a call must stay small, and a snapshot names all transactions under way.
  private static final int MAX_TEXT = 500;

  private RequirementPolicy() {}

  static Optional<Failure> unmet(Requirements required, SnapshotFacts facts) {
    return position(required, facts).or(() -> staleness(required, facts));
  }

  static Optional<Failure> unmet(Requirements required, Completeness completeness) {
    double least = required.minCoverage();
    if (completeness.coverage().isEmpty()) {
      return least == 0 ? Optional.empty() : Optional.of(undeclared(least));
    }
    Coverage coverage = completeness.coverage().get();
    if (coverage.share() >= least) {
      return Optional.empty();
    }
    MissingInterval first = coverage.missing().get(0);
    return Optional.of(
        failure(
            "INCOMPLETE_COVERAGE",
            "require.min_coverage: at least "
                + least
                + " must be complete, got "
                + coverage.share(),
            Map.of(
                "required_min_coverage", Double.toString(least),
                "coverage", Double.toString(coverage.share()),
                "missing_window", first.range().toString(),
                "missing_reason", first.reason().name(),
                "source", first.source())));
  }

  private static Failure undeclared(double least) {
    return failure(
        "INCOMPLETE_COVERAGE",
        "require.min_coverage: at least " + least + " must be complete, got no declared watermark",
        Map.of("required_min_coverage", Double.toString(least), "declared_source_count", "0"));
  }

  private static Optional<Failure> position(Requirements required, SnapshotFacts facts) {
    return required
        .minPosition()
        .filter(position -> !position.isReached(facts))
        .map(
            position -> {
              String wanted = cut(position.text());
              String found = cut(facts.position());
              return failure(
                  "POSITION_NOT_REACHED",
                  "require.min_position: " + wanted + " must be visible, got " + found,
                  Map.of("required_min_position", wanted, "position", found));
            });
  }

  private static Optional<Failure> staleness(Requirements required, SnapshotFacts facts) {
    if (required.maxStalenessMicros().isEmpty()) {
      return Optional.empty();
    }
    long most = required.maxStalenessMicros().getAsLong();
    Map<String, String> metadata = new HashMap<>(Map.of("required_max_staleness", seconds(most)));
    String found = "no batch";
    if (facts.newestBatchTime().isPresent()) {
      // A batch may have been written after the transaction began whose snapshot shows it.
      long age = Math.max(0, facts.snapshotTime() - facts.newestBatchTime().getAsLong());
      if (age <= most) {
        return Optional.empty();
      }
      found = "one of " + seconds(age) + " ago";
      metadata.put("staleness", seconds(age));
    }
    return Optional.of(
        failure(
            "STALE_ANSWER",
            "require.max_staleness: the newest batch must be of the last "
                + seconds(most)
                + ", got "
                + found,
            metadata));
  }

  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString() + "s";
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }

  private static Failure failure(String reason, String message, Map<String, String> metadata) {
    return Failure.of(Status.Code.FAILED_PRECONDITION, reason, message, metadata);
  }
}
