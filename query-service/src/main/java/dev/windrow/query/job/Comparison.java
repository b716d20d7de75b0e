package dev.windrow.query.job;

import dev.windrow.job.v1.CompareJob;
import dev.windrow.query.answer.Value;
import dev.windrow.query.drift.ComparedMetric;
import dev.windrow.query.drift.DriftFinder;
import dev.windrow.query.drift.RowKey;
import dev.windrow.query.drift.Tolerance;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.runtime.error.Failure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A comparison with another system, as it is asked for; what is wrong with it is an error that
 * names the field.
 *
 * @param metrics of the question, in their order
 * @param theirs the values of each row of the other system, in the order of the metrics
 * @param maxDifferingShare of the rows, for the two to agree
 */
record Comparison(
    List<ComparedMetric> metrics, Map<RowKey, List<Value>> theirs, BigDecimal maxDifferingShare) {
  /** In front of the fields of such a job. */
  static final String FIELD = "spec.compare.";

  Comparison {
    metrics = List.copyOf(metrics);
    theirs = Map.copyOf(theirs);
  }

  /**
   * The question that is to be answered: all of the window, for half of an answer compares with
   * nothing, in an order that costs least.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static SummarizeRequest question(CompareJob job) {
    if (!job.hasQuestion()) {
      throw invalid("question", "is required");
    }
    SummarizeRequest question = job.getQuestion();
    if (question.hasCompareTo()) {
      throw invalid("question.compare_to", "must be left out: its rows are compared already");
    }
    Exactness exactness = question.getRequire().getExactness();
    if (exactness == Exactness.EXACTNESS_SNAPPED) {
      throw invalid(
          "question.require.exactness",
          "must not be EXACTNESS_SNAPPED: a part of the window cannot be compared");
    }
    SummarizeRequest.Builder whole = question.toBuilder().clearOrderBy().clearExplain();
    if (exactness == Exactness.EXACTNESS_UNSPECIFIED) {
      whole.getRequireBuilder().setExactness(Exactness.EXACTNESS_SKETCH);
    }
    return whole.build();
  }

  /**
   * The rest of it.
   *
   * @param question that {@link #question} asks
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static Comparison of(CompareJob job, Question question) {
    List<ComparedMetric> metrics = metrics(job, question.metrics());
    Map<RowKey, List<Value>> theirs = new TheirRows(question, metrics).read(job.getRowsList());
    double share = job.getMaxDifferingShare();
    // Written so that NaN is refused.
    if (!(share >= 0 && share <= 1)) {
      throw invalid("max_differing_share", "must be from 0 to 1, got " + share);
    }
    return new Comparison(metrics, theirs, BigDecimal.valueOf(share));
  }

  private static List<ComparedMetric> metrics(CompareJob job, List<Metric> asked) {
    Tolerance common = tolerance("tolerance", job.getTolerance());
    Map<String, dev.windrow.job.v1.Tolerance> own = job.getMetricTolerancesMap();
    Set<String> unknown = new HashSet<>(own.keySet());
    List<ComparedMetric> metrics = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Metric metric = asked.get(i);
      if (!ComparedMetric.isComparable(metric)) {
        throw invalid("question.metrics[" + i + "]", "must be a number, to be compared");
      }
      dev.windrow.job.v1.Tolerance mine = own.get(metric.name());
      metrics.add(
          new ComparedMetric(metric, mine == null ? common : tolerance("metric_tolerances", mine)));
      unknown.remove(metric.name());
    }
    if (!unknown.isEmpty()) {
      throw invalid(
          "metric_tolerances",
          "must be of metrics of the question: "
              + String.join(", ", asked.stream().map(Metric::name).toList()));
    }
    return metrics;
  }

  private static Tolerance tolerance(String field, dev.windrow.job.v1.Tolerance told) {
    return new Tolerance(
        bound(field + ".absolute", told.getAbsolute()),
        bound(field + ".relative", told.getRelative()));
  }

  private static BigDecimal bound(String field, double number) {
    // Written so that NaN is refused.
    if (!(number >= 0 && number < Double.POSITIVE_INFINITY)) {
      throw invalid(field, "must be finite and not negative, got " + number);
    }
    return BigDecimal.valueOf(number);
  }

  DriftFinder finder() {
    return new DriftFinder(metrics, theirs);
  }

  static RuntimeException invalid(String field, String rule) {
    return Failure.invalid(FIELD + field, rule).toException();
  }
}
