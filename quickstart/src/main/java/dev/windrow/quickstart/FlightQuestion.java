package dev.windrow.quickstart;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.time.Instant;
import java.util.List;

/**
 * A question about the flights, and its answer as it was computed independently from the rows.
 *
 * @param filter of the contract; empty for all
 * @param expected the values of {@link #COLUMNS}
 */
record FlightQuestion(String label, String from, String to, String filter, List<Double> expected) {
  static final List<String> COLUMNS =
      List.of(
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "p50",
          "p95",
          "p99",
          "late",
          "amount_sum",
          "distinct_entities");

  private static final String FROM = "2001-01-15T06:30:00Z";
  private static final String TO = "2001-02-20T18:45:00Z";

  static final List<FlightQuestion> ALL =
      List.of(
          question(
              "all",
              "2001-01-01T00:00:00Z",
              "2001-04-01T00:00:00Z",
              "",
              20_000,
              154_078,
              7.7039,
              -59,
              522,
              0,
              63,
              138,
              4_349,
              14_476_934,
              2_977),
          question(
              "15 Jan 06:30 to 20 Feb 18:45",
              FROM,
              TO,
              "",
              8_054,
              47_966,
              5.9556,
              -58,
              518,
              -1,
              55,
              123,
              1_603,
              5_807_303,
              2_447),
          question(
              "  same window, source ORD",
              FROM,
              TO,
              "source = \"ORD\"",
              430,
              3_206,
              7.4558,
              -58,
              259,
              0,
              67,
              130,
              105,
              318_148,
              91),
          question(
              "  same window, source DFW",
              FROM,
              TO,
              "source = \"DFW\"",
              445,
              1_398,
              3.1416,
              -39,
              180,
              -2,
              44,
              101,
              80,
              339_079,
              100),
          question(
              "1 March 2001 (UTC day)",
              "2001-03-01T00:00:00Z",
              "2001-03-02T00:00:00Z",
              "",
              214,
              1_146,
              5.3551,
              -46,
              146,
              0,
              43,
              109,
              50,
              159_703,
              205));

  private static FlightQuestion question(
      String label, String from, String to, String filter, double... expected) {
    return new FlightQuestion(
        label, from, to, filter, java.util.Arrays.stream(expected).boxed().toList());
  }

  /** The question; the flights that were late are asked for apart. */
  SummarizeRequest request() {
    return about(filter)
        .addMetrics(metric(Measure.MEASURE_COUNT))
        .addMetrics(metric(Measure.MEASURE_SUM))
        .addMetrics(metric(Measure.MEASURE_AVG))
        .addMetrics(metric(Measure.MEASURE_MIN))
        .addMetrics(metric(Measure.MEASURE_MAX))
        .addMetrics(percentile(50))
        .addMetrics(percentile(95))
        .addMetrics(percentile(99))
        .addMetrics(metric(Measure.MEASURE_AMOUNT_SUM))
        .addMetrics(metric(Measure.MEASURE_DISTINCT_ENTITIES))
        .setExplain(true)
        .build();
  }

  /** How many of them were late. */
  SummarizeRequest lateRequest() {
    return about(filter.isEmpty() ? "status = late" : filter + " AND status = late").build();
  }

  /** The sources with most flights in this window. */
  SummarizeRequest topSources(int limit) {
    return about(filter).addGroupBy("source").setOrderBy("count desc").setLimit(limit).build();
  }

  private SummarizeRequest.Builder about(String which) {
    return SummarizeRequest.newBuilder()
        .setWindow(TimeWindow.newBuilder().setStartTime(time(from)).setEndTime(time(to)))
        .setFilter(
            which.isEmpty() ? "type = flight.departed" : "type = flight.departed AND " + which);
  }

  private static Metric.Builder metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure);
  }

  private static Metric.Builder percentile(double percentile) {
    return metric(Measure.MEASURE_PERCENTILE).setPercentile(percentile);
  }

  private static Timestamp.Builder time(String text) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(text).getEpochSecond());
  }
}
