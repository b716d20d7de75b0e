package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import com.google.protobuf.Duration;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what an answer must be worth. */
final class RequirementFields {
  // As google.protobuf.Duration has it: ten thousand years.
  private static final long MAX_SECONDS = 315_576_000_000L;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private RequirementFields() {}

  static Requirements of(dev.windrow.query.v1.Requirements require) {
    return new Requirements(
        require.hasMaxStaleness() ? maxStaleness(require.getMaxStaleness()) : OptionalLong.empty(),
        minCoverage(require.getMinCoverage()),
        exact(require.getExactness()),
        whole(require.getExactness()),
        minPosition(require.getMinPosition()));
  }

  private static OptionalLong maxStaleness(Duration duration) {
    long seconds = duration.getSeconds();
    int nanos = duration.getNanos();
    boolean valid =
        seconds >= 0 && seconds <= MAX_SECONDS && nanos >= 0 && nanos < NANOS_PER_SECOND;
    // Finer digits are cut off: less than what was allowed, never more.
    long micros = valid ? seconds * MICROS_PER_SECOND + nanos / 1000 : 0;
    if (micros == 0) {
      throw invalid(
          "require.max_staleness",
          "must be from 0.000001s to "
              + MAX_SECONDS
              + "s, got seconds "
              + seconds
              + " and nanos "
              + nanos);
    }
    return OptionalLong.of(micros);
  }

  private static double minCoverage(double share) {
    // Written so that NaN is refused.
    if (!(share >= 0 && share <= 1)) {
      throw invalid("require.min_coverage", "must be from 0 to 1, got " + share);
    }
    return share;
  }

  private static boolean exact(Exactness exactness) {
    return switch (exactness) {
      case EXACTNESS_EXACT -> true;
      case EXACTNESS_SKETCH, EXACTNESS_SNAPPED, EXACTNESS_COMPACTED, EXACTNESS_UNSPECIFIED -> false;
      case UNRECOGNIZED -> throw invalid("require.exactness", "must be one of those declared");
    };
  }

  private static boolean whole(Exactness exactness) {
    return exactness == Exactness.EXACTNESS_EXACT || exactness == Exactness.EXACTNESS_SKETCH;
  }

  private static Optional<Position> minPosition(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Position.parse(text));
    } catch (IllegalArgumentException e) {
      throw invalid("require.min_position", "must be the position of an append or of an answer");
    }
  }
}
