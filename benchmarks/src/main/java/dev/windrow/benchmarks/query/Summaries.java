package dev.windrow.benchmarks.query;

import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Requests for summaries, and their parts. */
final class Summaries {
  private Summaries() {}

  static Metric metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure).build();
  }

  static Metric percentile(double percent) {
    return Metric.newBuilder()
        .setMeasure(Measure.MEASURE_PERCENTILE)
        .setPercentile(percent)
        .build();
  }

  static SummarizeRequest.Builder of(Span span, Metric... metrics) {
    return SummarizeRequest.newBuilder().setWindow(span.window()).addAllMetrics(List.of(metrics));
  }

  static Request request(SummarizeRequest.Builder request) {
    return new Request.Summary(request.build(), unit(request.getInterval()));
  }

  /** A filter for any of these entities. */
  static String entities(List<String> ids) {
    return ids.stream()
        .map(id -> '"' + id + '"')
        .collect(Collectors.joining(", ", "entity_id : (", ")"));
  }

  private static Optional<ChronoUnit> unit(Interval interval) {
    return switch (interval) {
      case INTERVAL_MINUTE -> Optional.of(ChronoUnit.MINUTES);
      case INTERVAL_HOUR -> Optional.of(ChronoUnit.HOURS);
      case INTERVAL_DAY -> Optional.of(ChronoUnit.DAYS);
      default -> Optional.empty();
    };
  }
}
