package dev.windrow.query.grpc;

import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.v1.ListMetricDefinitionsResponse;
import dev.windrow.query.v1.Measure;
import java.util.List;

/** Writes the catalogue of metrics. */
public final class MetricDefinitionsResponses {
  private MetricDefinitionsResponses() {}

  static ListMetricDefinitionsResponse of(List<MetricDefinition> definitions) {
    var response = ListMetricDefinitionsResponse.newBuilder();
    definitions.forEach(definition -> response.addDefinitions(definition(definition)));
    return response.build();
  }

  /** Writes one. */
  public static dev.windrow.query.v1.MetricDefinition definition(MetricDefinition definition) {
    return dev.windrow.query.v1.MetricDefinition.newBuilder()
        .setName(definition.name())
        .setVersion(definition.version())
        .setMetric(metric(definition.metric()))
        .setDescription(definition.description())
        .setCreateTime(Times.timestamp(definition.createdMicros()))
        .build();
  }

  private static dev.windrow.query.v1.Metric metric(Metric metric) {
    var written =
        dev.windrow.query.v1.Metric.newBuilder()
            .setMeasure(Measure.valueOf("MEASURE_" + metric.measure().name()))
            .addAllStatuses(metric.statuses())
            .addAllBounds(metric.bounds());
    if (metric.measure() == dev.windrow.query.question.Measure.PERCENTILE) {
      written.setPercentile(metric.percent().doubleValue());
    }
    return written.build();
  }
}
