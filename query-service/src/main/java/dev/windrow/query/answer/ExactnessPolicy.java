package dev.windrow.query.answer;

import dev.windrow.query.question.Question;
import dev.windrow.query.worth.Requirements;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a metric that is not exact although it is required to be. */
final class ExactnessPolicy {
  private ExactnessPolicy() {}

  /** What is known without any data: some metrics are never exact. */
  static Optional<Failure> unmet(Requirements required, Question question) {
    return unmet(required, MetricExactness.atBest(question));
  }

  /** How exact metrics have turned out to be. */
  static Optional<Failure> unmet(Requirements required, List<MetricExactness> metrics) {
    return metrics.stream()
        .filter(metric -> required.exact() && metric.sketch())
        .findFirst()
        .map(
            metric ->
                Failure.of(
                    Status.Code.FAILED_PRECONDITION,
                    "INEXACT_METRIC",
                    "require.exactness: every metric must be exact, got a sketch for "
                        + metric.name(),
                    Map.of(
                        "required_exactness",
                        "EXACTNESS_EXACT",
                        "metric",
                        metric.name(),
                        "exactness",
                        "EXACTNESS_SKETCH",
                        "relative_error",
                        Double.toString(metric.relativeError()))));
  }
}
