package dev.windrow.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.util.Timestamps;
import dev.windrow.job.v1.CompareJob;
import dev.windrow.job.v1.OtherRow;
import dev.windrow.job.v1.Tolerance;
import dev.windrow.query.answer.Value;
import dev.windrow.query.drift.ComparedMetric;
import dev.windrow.query.drift.RowKey;
import dev.windrow.query.grpc.Questions;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Histogram;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.WindrowException;
import java.math.BigInteger;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String START = "2001-01-31T12:00:00Z";
  private static final String SECOND_DAY = "2001-02-01T00:00:00Z";
  private static final String END = "2001-02-02T06:00:00Z";

  @Test
  void rows_areReadByPlace_andValuesByMetric() {
    CompareJob job =
        job()
            .clone()
            .addRows(
                row(SECOND_DAY, "b")
                    .addValues(MetricValue.newBuilder().setName("sum"))
                    .addValues(MetricValue.newBuilder().setName("count").setInteger(3)))
            .addRows(
                row(START, "a")
                    .addValues(big("count", "-" + "9".repeat(40)))
                    .addValues(MetricValue.newBuilder().setName("sum").setReal(2.5)))
            .build();
    assertThat(read(job).theirs())
        .isEqualTo(
            Map.of(
                new RowKey(range(SECOND_DAY, "2001-02-02T00:00:00Z"), RollupKey.of("b")),
                List.of(Value.of(3), Value.ABSENT),
                new RowKey(range(START, SECOND_DAY), RollupKey.of("a")),
                List.of(
                    new Value.Whole(new BigInteger("-" + "9".repeat(40))), new Value.Real(2.5))));
  }

  @Test
  void withoutAnInterval_aRowNeedsNoTime() {
    CompareJob.Builder job = job();
    job.getQuestionBuilder().clearInterval();
    RowKey key = new RowKey(range(START, END), RollupKey.of("a"));
    OtherRow.Builder row = row(START, "a").addValues(count(1)).addValues(sum(1));
    assertThat(read(job.clone().addRows(row.clone().clearIntervalStart()).build()).theirs())
        .containsOnlyKeys(key);
    assertThat(read(job.clone().addRows(row).build()).theirs()).containsOnlyKeys(key);
    assertField(
        "rows[0].interval_start",
        job.clone().addRows(row.clone().setIntervalStart(time(SECOND_DAY))));
  }

  @Test
  void rows_thatHaveNoPlaceInTheAnswer_areRefused() {
    assertRow("rows[0].interval_start", row -> row.clearIntervalStart());
    assertRow("rows[0].interval_start", row -> row.setIntervalStart(time("2001-01-31T00:00:00Z")));
    assertRow("rows[0].interval_start", row -> row.setIntervalStart(time("2001-02-01T01:00:00Z")));
    assertRow("rows[0].interval_start", row -> row.setIntervalStart(time(END)));
    assertRow("rows[0].interval_start", row -> row.getIntervalStartBuilder().setNanos(-1));
    assertRow("rows[0].group", row -> row.clearGroup());
    assertRow("rows[0].group", row -> row.clearGroup().putGroup("type", "a"));
    assertRow("rows[0].group", row -> row.putGroup("type", "a"));
  }

  @Test
  void anEmptyWindow_hasNoPlaces() {
    CompareJob.Builder job = job().addRows(row(START, "a").addValues(count(1)).addValues(sum(1)));
    job.getQuestionBuilder().getWindowBuilder().setEndTime(time(START));
    assertField("rows[0].interval_start", job);
    assertThat(read(job.clearRows().build()).theirs()).isEmpty();
  }

  @Test
  void aPlace_thatIsThereAgain_isRefused() {
    CompareJob.Builder job = job();
    OtherRow.Builder row = row(START, "a").addValues(count(1)).addValues(sum(1));
    job.addRows(row).addRows(row.clone().putGroup("source", "b"));
    job.addRows(row.clone().setIntervalStart(time(SECOND_DAY))).addRows(row);
    assertField("rows[3]", job);
    assertThat(read(job.removeRows(3).build()).theirs()).hasSize(3);
  }

  @Test
  void values_thatAreNotThoseOfTheMetrics_areRefused() {
    assertRow("rows[0].values", row -> row.removeValues(1));
    assertRow("rows[0].values", row -> row.addValues(sum(1)));
    assertRow("rows[0].values[1].name", row -> row.setValues(1, count(1)));
    assertRow("rows[0].values[0].name", row -> row.getValuesBuilder(0).setName("counts"));
    assertRow("rows[0].values[0].version", row -> row.getValuesBuilder(0).setVersion(1));
    assertRow("rows[0].values[0].real", row -> row.getValuesBuilder(0).setReal(1));
    assertRow("rows[0].values[1].integer", row -> row.getValuesBuilder(1).setInteger(1));
    assertRow("rows[0].values[1].big_integer", row -> row.getValuesBuilder(1).setBigInteger("1"));
    for (String digits : List.of("", "1.0", "+1", "1e3", "9".repeat(41), "\u0661")) {
      assertRow("rows[0].values[0].big_integer", row -> row.setValues(0, big("count", digits)));
    }
    assertRow(
        "rows[0].values[1].histogram",
        row -> row.getValuesBuilder(1).setHistogram(Histogram.getDefaultInstance()));
  }

  @Test
  void rows_areBounded() {
    CompareJob.Builder job = job();
    job.getQuestionBuilder().clearInterval();
    OtherRow row =
        row(START, "").clearIntervalStart().addValues(count(1)).addValues(sum(1)).build();
    for (int i = 0; i < 10_000; i++) {
      job.addRows(row.toBuilder().putGroup("source", "s" + i));
    }
    assertThat(read(job.build()).theirs()).hasSize(10_000);
    assertField("rows", job.addRows(row));
  }

  @Test
  void tolerances_areOfAllMetrics_orOfTheirOwn() {
    CompareJob.Builder job = job().setTolerance(Tolerance.newBuilder().setRelative(0.1));
    job.putMetricTolerances("sum", Tolerance.newBuilder().setAbsolute(2).build());
    assertThat(read(job.build()).metrics())
        .extracting(ComparedMetric::tolerance)
        .extracting(each -> each.absolute().doubleValue(), each -> each.relative().doubleValue())
        .containsExactly(tuple(0.0, 0.1), tuple(2.0, 0.0));
    assertThat(read(job().build()).metrics())
        .extracting(ComparedMetric::tolerance)
        .allMatch(each -> each.absolute().signum() == 0 && each.relative().signum() == 0);
  }

  @Test
  void numbers_thatBoundNothing_areRefused() {
    for (double number : List.of(-0.1, Double.NaN, Double.POSITIVE_INFINITY)) {
      Tolerance absolute = Tolerance.newBuilder().setAbsolute(number).build();
      Tolerance relative = Tolerance.newBuilder().setRelative(number).build();
      assertField("tolerance.absolute", job().setTolerance(absolute));
      assertField("tolerance.relative", job().setTolerance(relative));
      assertField("metric_tolerances.absolute", job().putMetricTolerances("sum", absolute));
      assertField("max_differing_share", job().setMaxDifferingShare(number));
    }
    assertField("max_differing_share", job().setMaxDifferingShare(1.01));
    assertField(
        "metric_tolerances", job().putMetricTolerances("avg", Tolerance.getDefaultInstance()));
  }

  @Test
  void histograms_areNotCompared() {
    CompareJob.Builder job = job();
    job.getQuestionBuilder()
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_HISTOGRAM).addBounds(1));
    assertField("question.metrics[2]", job);
  }

  @Test
  void question_isOfAllOfTheWindow_whateverItsOrder() {
    CompareJob.Builder job = job();
    SummarizeRequest plain = job.getQuestion();
    job.getQuestionBuilder().setOrderBy("count desc").setExplain(true);
    SummarizeRequest asked = Comparison.question(job.build());
    assertThat(asked.getRequire().getExactness()).isEqualTo(Exactness.EXACTNESS_SKETCH);
    assertThat(asked.toBuilder().clearRequire().build()).isEqualTo(plain);
    job.getQuestionBuilder().getRequireBuilder().setExactness(Exactness.EXACTNESS_EXACT);
    assertThat(Comparison.question(job.build()).getRequire().getExactness())
        .isEqualTo(Exactness.EXACTNESS_EXACT);
  }

  @Test
  void questions_thatCannotBeCompared_areRefused() {
    assertQuestion("question", CompareJob.newBuilder());
    CompareJob.Builder other = job();
    other.getQuestionBuilder().getCompareToBuilder();
    assertQuestion("question.compare_to", other);
    CompareJob.Builder part = job();
    part.getQuestionBuilder()
        .setRequire(Requirements.newBuilder().setExactness(Exactness.EXACTNESS_SNAPPED));
    assertQuestion("question.require.exactness", part);
  }

  private static Comparison read(CompareJob job) {
    return Comparison.of(job, Questions.of(job.getQuestion(), MetricCatalog.empty()));
  }

  private static void assertField(String field, CompareJob.Builder job) {
    assertInvalid(field, () -> read(job.build()));
  }

  private static void assertQuestion(String field, CompareJob.Builder job) {
    assertInvalid(field, () -> Comparison.question(job.build()));
  }

  private static void assertInvalid(String field, Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            WindrowException.class,
            error ->
                assertThat(error.failure().violations())
                    .singleElement()
                    .satisfies(one -> assertThat(one.field()).isEqualTo("spec.compare." + field)));
  }

  /** A row that was fine before the change. */
  private static void assertRow(String field, Consumer<OtherRow.Builder> change) {
    OtherRow.Builder row = row(START, "a").addValues(count(1)).addValues(sum(1));
    assertThat(read(job().addRows(row).build()).theirs()).hasSize(1);
    change.accept(row);
    assertField(field, job().addRows(row));
  }

  /** By source and day, from noon on. */
  private static CompareJob.Builder job() {
    return CompareJob.newBuilder()
        .setQuestion(
            SummarizeRequest.newBuilder()
                .setWindow(TimeWindow.newBuilder().setStartTime(time(START)).setEndTime(time(END)))
                .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
                .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
                .addGroupBy("source")
                .setInterval(Interval.INTERVAL_DAY));
  }

  private static OtherRow.Builder row(String start, String source) {
    return OtherRow.newBuilder().putGroup("source", source).setIntervalStart(time(start));
  }

  private static MetricValue count(long number) {
    return MetricValue.newBuilder().setName("count").setInteger(number).build();
  }

  private static MetricValue sum(double number) {
    return MetricValue.newBuilder().setName("sum").setReal(number).build();
  }

  private static MetricValue big(String name, String digits) {
    return MetricValue.newBuilder().setName(name).setBigInteger(digits).build();
  }

  private static TimeRange range(String from, String to) {
    return new TimeRange(micros(from), micros(to));
  }

  private static long micros(String time) {
    return Instant.parse(time).getEpochSecond() * 1_000_000;
  }

  private static com.google.protobuf.Timestamp time(String text) {
    try {
      return Timestamps.parse(text);
    } catch (ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
