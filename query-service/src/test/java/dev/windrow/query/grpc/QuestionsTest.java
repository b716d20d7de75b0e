package dev.windrow.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuestionsTest {
  private static final long YEAR_10000 = 253_402_300_800L;

  @ParameterizedTest
  @MethodSource("badRequests")
  void question_thatIsNone_namesTheField(String field, SummarizeRequest.Builder request) {
    assertThatThrownBy(() -> question(request.build()))
        .isInstanceOfSatisfying(
            WindrowException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.failure().violations())
                  .extracting(Failure.FieldViolation::field)
                  .containsExactly(field);
            });
  }

  @ParameterizedTest
  @MethodSource("badComparisons")
  void comparison_thatIsNone_namesTheField(String field, SummarizeRequest.Builder builder) {
    SummarizeRequest request = builder.build();
    Question asked = question(request);
    assertThatThrownBy(() -> Questions.compared(request, asked))
        .isInstanceOfSatisfying(
            WindrowException.class,
            e ->
                assertThat(e.failure().violations())
                    .extracting(Failure.FieldViolation::field)
                    .containsExactly(field));
  }

  static Stream<Arguments> badComparisons() {
    var backwards = TimeWindow.newBuilder().setStartTime(at(2, 0)).setEndTime(at(1, 0));
    var endless = TimeWindow.newBuilder().setStartTime(at(0, 0)).setEndTime(at(3_000_001L * 60, 0));
    return Stream.of(
        bad("compare_to.window.end_time", comparing(good(), backwards)),
        bad(
            "compare_to.window.end_time",
            comparing(good(), TimeWindow.newBuilder().setStartTime(at(1, 0)))),
        bad("compare_to.window", comparing(good().setInterval(Interval.INTERVAL_MINUTE), endless)),
        bad(
            "compare_to.window",
            window(at(-62_135_596_800L, 0), at(1, 0))
                .setCompareTo(Comparison.getDefaultInstance())));
  }

  private static Question question(SummarizeRequest request) {
    return Questions.of(request, MetricCatalog.empty());
  }

  private static SummarizeRequest.Builder comparing(
      SummarizeRequest.Builder request, TimeWindow.Builder window) {
    return request.setCompareTo(Comparison.newBuilder().setWindow(window));
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        bad("window", SummarizeRequest.newBuilder()),
        bad("window.start_time", window(TimeWindow.newBuilder().setEndTime(at(1, 0)))),
        bad("window.end_time", window(TimeWindow.newBuilder().setStartTime(at(1, 0)))),
        bad("window.end_time", window(at(2, 0), at(1, 0))),
        bad("window.start_time", window(at(-62_135_596_801L, 0), at(1, 0))),
        bad("window.end_time", window(at(0, 0), at(YEAR_10000, 0))),
        bad("window.end_time", window(at(0, 0), at(Long.MAX_VALUE, 0))),
        bad("window.start_time", window(at(0, -1), at(1, 0))),
        bad("window.start_time", window(at(0, 1_000_000_000), at(1, 0))),
        bad("metrics", good().addAllMetrics(Collections.nCopies(21, percentile(1)))),
        bad("metrics[0].measure", good().addMetrics(Metric.getDefaultInstance())),
        bad("metrics[0].measure", good().addMetrics(Metric.newBuilder().setMeasureValue(99))),
        bad("metrics[1]", good().addMetrics(percentile(95)).addMetrics(percentile(95.0))),
        bad("metrics[0].percentile", good().addMetrics(measure(Measure.MEASURE_PERCENTILE))),
        bad("metrics[0].percentile", good().addMetrics(percentile(Double.NaN))),
        bad("metrics[0].percentile", good().addMetrics(percentile(100.5))),
        bad("metrics[0].bounds", good().addMetrics(measure(Measure.MEASURE_HISTOGRAM))),
        bad("metrics[0].bounds", good().addMetrics(histogram(1, 1))),
        bad("metrics[0].bounds", good().addMetrics(histogram(2, 1))),
        bad("metrics[0].bounds", good().addMetrics(histogram(Double.NaN))),
        bad("metrics[0].bounds", good().addMetrics(histogram(Double.POSITIVE_INFINITY))),
        bad("metrics[0].bounds", good().addMetrics(histogram(new double[101]))),
        bad("metrics[0].bounds", good().addMetrics(percentile(1).toBuilder().addBounds(1))),
        bad("order_by", good().addMetrics(histogram(1, 2)).setOrderBy("histogram")),
        bad("metrics[0].percentile", good().addMetrics(percentile(-0.1))),
        bad(
            "metrics[0].percentile",
            good().addMetrics(percentile(5).toBuilder().setMeasure(Measure.MEASURE_SUM))),
        bad("metrics[0].status", good().addMetrics(measure(Measure.MEASURE_STATUS_SHARE))),
        bad("metrics[0].definition", good().addMetrics(Metric.newBuilder().setDefinition("x"))),
        bad("metrics[0]", good().addMetrics(percentile(1).toBuilder().setDefinition("x"))),
        bad("metrics[0].version", good().addMetrics(percentile(1).toBuilder().setVersion(1))),
        bad("metrics[0].status", good().addMetrics(share("a\0"))),
        bad("metrics[0].status", good().addMetrics(share("a").toBuilder().addStatuses("b"))),
        bad("metrics[0].statuses", good().addMetrics(share("").toBuilder().addStatuses("a\0"))),
        bad(
            "metrics[0].statuses",
            good().addMetrics(share("").toBuilder().addAllStatuses(Collections.nCopies(2, "a")))),
        bad(
            "metrics[0].statuses",
            good().addMetrics(measure(Measure.MEASURE_COUNT).toBuilder().addStatuses("a"))),
        bad(
            "metrics[0].status",
            good().addMetrics(share("ok").toBuilder().setMeasure(Measure.MEASURE_COUNT))),
        bad(
            "group_by",
            good()
                .addAllGroupBy(
                    Stream.iterate(0, i -> i + 1).limit(9).map(i -> "attributes." + i).toList())),
        bad("group_by[0]", good().addGroupBy("kind")),
        bad("group_by[0]", good().addGroupBy("attributes.")),
        bad("group_by[0]", good().addGroupBy("attributes.\0")),
        bad("group_by[1]", good().addGroupBy("type").addGroupBy("type")),
        bad("filter", good().setFilter("type =")),
        bad("interval", good().setIntervalValue(99)),
        bad(
            "interval",
            window(at(0, 0), at(50_001 * 60L, 0)).setInterval(Interval.INTERVAL_MINUTE)),
        bad("time_zone", good().setTimeZone("Europe/Berlin")),
        bad("time_zone", good().setInterval(Interval.INTERVAL_DAY).setTimeZone("Europe/Berlyn")),
        bad("time_zone", good().setInterval(Interval.INTERVAL_DAY).setTimeZone("+02:00")),
        bad("order_by", good().setOrderBy("sum")),
        bad("order_by", good().setOrderBy("count up")),
        bad("limit", good().setLimit(-1)));
  }

  @Test
  void question_withoutMore_hasTheDefaultsOfTheContract() {
    Question question = question(good().build());
    assertThat(question.metrics()).extracting(metric -> metric.name()).containsExactly("count");
    assertThat(question.limit()).isEqualTo(1000);
    assertThat(question(good().setLimit(20_000).build()).limit()).isEqualTo(10_000);
  }

  @Test
  void window_finerThanMicroseconds_isCut() {
    Question question = question(window(at(-1, 999_999_999), at(1, 1999)).build());
    assertThat(question.window().fromMicros()).isEqualTo(-1);
    assertThat(question.window().toMicros()).isEqualTo(1_000_001);
  }

  @Test
  void percentiles_areNamedByTheirNumber() {
    Question question =
        question(
            good()
                .addAllMetrics(
                    List.of(
                        percentile(0), percentile(-0.0 + 50), percentile(99.9), percentile(100)))
                .build());
    assertThat(question.metrics())
        .extracting(metric -> metric.name())
        .containsExactly("p0", "p50", "p99.9", "p100");
  }

  private static Arguments bad(String field, SummarizeRequest.Builder request) {
    return Arguments.of(field, request);
  }

  private static SummarizeRequest.Builder good() {
    return window(at(0, 0), at(86_400, 0));
  }

  private static SummarizeRequest.Builder window(Timestamp from, Timestamp to) {
    return window(TimeWindow.newBuilder().setStartTime(from).setEndTime(to));
  }

  private static SummarizeRequest.Builder window(TimeWindow.Builder window) {
    return SummarizeRequest.newBuilder().setWindow(window);
  }

  private static Timestamp at(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Metric measure(Measure measure) {
    return Metric.newBuilder().setMeasure(measure).build();
  }

  private static Metric histogram(double... bounds) {
    return Metric.newBuilder()
        .setMeasure(Measure.MEASURE_HISTOGRAM)
        .addAllBounds(DoubleStream.of(bounds).boxed().toList())
        .build();
  }

  private static Metric percentile(double percentile) {
    return Metric.newBuilder()
        .setMeasure(Measure.MEASURE_PERCENTILE)
        .setPercentile(percentile)
        .build();
  }

  private static Metric share(String status) {
    return Metric.newBuilder().setMeasure(Measure.MEASURE_STATUS_SHARE).setStatus(status).build();
  }
}
