package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.question.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the metrics of a request. */
public final class Metrics {
  private static final double MAX_PERCENTILE = 100;

  private static final dev.windrow.query.v1.Metric NONE =
      dev.windrow.query.v1.Metric.getDefaultInstance();

  private Metrics() {}

  static List<Metric> of(List<dev.windrow.query.v1.Metric> requested, MetricCatalog catalog) {
    if (requested.isEmpty()) {
      return List.of(Metric.of(Measure.COUNT));
    }
    if (requested.size() > Question.MAX_METRICS) {
      throw invalid("metrics", "at most " + Question.MAX_METRICS + ", got " + requested.size());
    }
    List<Metric> metrics = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < requested.size(); i++) {
      String field = "metrics[" + i + "]";
      Metric metric = metric(field, requested.get(i), catalog);
      if (!names.add(metric.name())) {
        throw invalid(field, "each metric once, got " + metric.name() + " again");
      }
      metrics.add(metric);
    }
    return metrics;
  }

  /**
   * A metric that is none of the catalogue.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming the field
   */
  public static Metric undefined(String field, dev.windrow.query.v1.Metric metric) {
    if (!metric.getDefinition().isEmpty()) {
      throw invalid(field + ".definition", "must be empty");
    }
    return plain(field, metric);
  }

  private static Metric metric(
      String field, dev.windrow.query.v1.Metric metric, MetricCatalog catalog) {
    return metric.getDefinition().isEmpty()
        ? plain(field, metric)
        : defined(field, metric, catalog);
  }

  private static Metric defined(
      String field, dev.windrow.query.v1.Metric metric, MetricCatalog catalog) {
    String name = metric.getDefinition();
    int version = metric.getVersion();
    if (!metric.toBuilder().clearDefinition().clearVersion().build().equals(NONE)) {
      throw invalid(field, "may have nothing but a version beside its definition");
    }
    return catalog
        .find(name, version)
        .map(MetricDefinition::metric)
        .orElseThrow(
            () ->
                invalid(
                    field + ".definition",
                    "must be one that ListMetricDefinitions lists, got '"
                        + name
                        + "'"
                        + (version == 0 ? "" : " version " + version)));
  }

  private static Metric plain(String field, dev.windrow.query.v1.Metric metric) {
    if (metric.getVersion() != 0) {
      throw invalid(field + ".version", "belongs to a definition only");
    }
    Measure measure = measure(field + ".measure", metric.getMeasure());
    if (metric.hasPercentile() && measure != Measure.PERCENTILE) {
      throw invalid(field + ".percentile", "belongs to MEASURE_PERCENTILE only");
    }
    if (measure != Measure.STATUS_SHARE) {
      if (!metric.getStatus().isEmpty()) {
        throw invalid(field + ".status", "belongs to MEASURE_STATUS_SHARE only");
      }
      if (metric.getStatusesCount() > 0) {
        throw invalid(field + ".statuses", "belong to MEASURE_STATUS_SHARE only");
      }
    }
    if (metric.getBoundsCount() > 0 && measure != Measure.HISTOGRAM) {
      throw invalid(field + ".bounds", "belong to MEASURE_HISTOGRAM only");
    }
    return switch (measure) {
      case PERCENTILE -> percentile(field + ".percentile", metric);
      case STATUS_SHARE -> statusShare(field, metric);
      case HISTOGRAM -> histogram(field + ".bounds", metric.getBoundsList());
      default -> Metric.of(measure);
    };
  }

  private static Metric percentile(String field, dev.windrow.query.v1.Metric metric) {
    double percentile = metric.getPercentile();
    // Written so that NaN is refused.
    if (!metric.hasPercentile() || !(percentile >= 0 && percentile <= MAX_PERCENTILE)) {
      throw invalid(
          field, "must be from 0 to 100, got " + (metric.hasPercentile() ? percentile : "none"));
    }
    return Metric.percentile(percentile);
  }

  private static Metric histogram(String field, List<Double> bounds) {
    if (!Metric.areBounds(bounds)) {
      throw invalid(
          field,
          "must be 1 to "
              + Metric.MAX_BOUNDS
              + " finite numbers, each greater than the last, got "
              + bounds.size());
    }
    return Metric.histogram(bounds);
  }

  private static Metric statusShare(String field, dev.windrow.query.v1.Metric metric) {
    List<String> statuses = metric.getStatusesList();
    if (metric.getStatus().isEmpty() == statuses.isEmpty()) {
      throw invalid(field + ".status", "MEASURE_STATUS_SHARE needs either status or statuses");
    }
    if (statuses.isEmpty()) {
      return Metric.statusShare(
          List.of(RequestFields.storable(field + ".status", metric.getStatus())));
    }
    if (!Metric.areStatuses(statuses)) {
      throw invalid(
          field + ".statuses",
          "each once, at most " + Metric.MAX_STATUSES + ", got " + statuses.size());
    }
    statuses.forEach(status -> RequestFields.storable(field + ".statuses", status));
    return Metric.statusShare(statuses);
  }

  private static Measure measure(String field, dev.windrow.query.v1.Measure measure) {
    return switch (measure) {
      case MEASURE_COUNT -> Measure.COUNT;
      case MEASURE_SUM -> Measure.SUM;
      case MEASURE_AVG -> Measure.AVG;
      case MEASURE_MIN -> Measure.MIN;
      case MEASURE_MAX -> Measure.MAX;
      case MEASURE_STDDEV -> Measure.STDDEV;
      case MEASURE_PERCENTILE -> Measure.PERCENTILE;
      case MEASURE_DISTINCT_ENTITIES -> Measure.DISTINCT_ENTITIES;
      case MEASURE_AMOUNT_SUM -> Measure.AMOUNT_SUM;
      case MEASURE_RATE -> Measure.RATE;
      case MEASURE_STATUS_SHARE -> Measure.STATUS_SHARE;
      case MEASURE_HISTOGRAM -> Measure.HISTOGRAM;
      case MEASURE_UNSPECIFIED -> throw invalid(field, "is required");
      case UNRECOGNIZED -> throw invalid(field, "must be one of those declared");
    };
  }
}
