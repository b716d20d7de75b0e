package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.ListMetricDefinitionsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricDefinition;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metrics that take parameters, and those that the catalogue has given names to. */
class MetricsIT {
  private static final String START = "2001-01-01T06:00:00Z";
  private static final List<String> STATUSES = List.of("ok", "ok", "failed", "error", "lost");

  private QueryHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of());
    List<TestEvent> events = new ArrayList<>();
    long start = Instant.parse(START).getEpochSecond() * 1_000_000;
    for (int i = 0; i < 10; i++) {
      String status = STATUSES.get(i % STATUSES.size());
      events.add(new TestEvent(start + i, "s", "t", "e" + i, status, 10.0 * i, 0L, Map.of(), null));
    }
    harness.store().writeLive(1, events);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void share_ofSeveralStatuses_isOfTheEventsThatHaveAnyOfThem() {
    MetricValue share = value(share("failed", "lost", "unheard of"));
    assertThat(share.getName()).isEqualTo("share(failed,lost,unheard of)");
    assertThat(share.getReal()).isEqualTo(0.4);
    assertThat(value(share("lost")).getReal()).isEqualTo(0.2);
  }

  @Test
  void histogram_countsWhatLiesBetweenTheBounds_andTellsItsError() {
    var histogram =
        Metric.newBuilder().setMeasure(Measure.MEASURE_HISTOGRAM).addBounds(10).addBounds(20.5);
    var response = harness.client().summarize(request(histogram));
    MetricValue value = response.getRows(0).getValues(0);
    assertThat(value.getName()).isEqualTo("histogram");
    assertThat(value.getHistogram().getBoundsList()).containsExactly(10.0, 20.5);
    assertThat(value.getHistogram().getCountsList()).containsExactly(1L, 2L, 7L);
    var exactness = response.getInfo().getExactness(0);
    assertThat(exactness.getExactness()).isEqualTo(Exactness.EXACTNESS_SKETCH);
    assertThat(exactness.getRelativeError()).isEqualTo(0.0203);
  }

  @Test
  void list_tellsNameVersionAndMeaning() {
    List<MetricDefinition> definitions = definitions();
    assertThat(definitions)
        .extracting(MetricDefinition::getName)
        .containsExactly("error_rate", "progress", "uptime");
    MetricDefinition errorRate = definitions.get(0);
    assertThat(errorRate.getVersion()).isOne();
    assertThat(errorRate.getMetric().getMeasure()).isEqualTo(Measure.MEASURE_STATUS_SHARE);
    assertThat(errorRate.getMetric().getStatusesList()).containsExactly("failed", "error");
    assertThat(errorRate.getDescription()).isNotEmpty();
    assertThat(errorRate.hasCreateTime()).isTrue();
  }

  @Test
  void listed_metricsAsked_areWhatTheirDefinitionsAre() {
    for (MetricDefinition definition : definitions()) {
      MetricValue byName = value(Metric.newBuilder().setDefinition(definition.getName()));
      MetricValue plain = value(definition.getMetric().toBuilder());
      assertThat(byName.getName()).isEqualTo(definition.getName());
      assertThat(byName.getVersion()).isOne();
      assertThat(plain.getVersion()).isZero();
      assertThat(byName.toBuilder().clearName().clearVersion().build())
          .isEqualTo(plain.toBuilder().clearName().build());
    }
    assertThat(value(named("error_rate")).getReal()).isEqualTo(0.4);
  }

  @Test
  void newVersion_isTheNewest_andLeavesTheOldOneAsItWas() throws SQLException {
    execute(
        "INSERT INTO metric_definitions (tenant_id, name, version, measure, statuses, description)"
            + " VALUES (1, 'error_rate', 2, 'STATUS_SHARE', '{failed,error,lost}', 'and lost')");
    assertThat(value(named("error_rate")).getReal()).isEqualTo(0.6);
    assertThat(value(named("error_rate")).getVersion()).isEqualTo(2);
    MetricValue old = value(named("error_rate").setVersion(1));
    assertThat(old.getReal()).isEqualTo(0.4);
    assertThat(old.getVersion()).isOne();
  }

  @Test
  void version_thatIsThere_cannotBeChanged() {
    assertThatThrownBy(() -> execute("UPDATE metric_definitions SET statuses = '{lost}'"))
        .hasMessageContaining("a version is never changed");
    assertThatThrownBy(() -> execute("DELETE FROM metric_definitions"))
        .hasMessageContaining("a version is never changed");
  }

  @Test
  void definition_thatIsNotThere_isRefusedByName() {
    for (Metric.Builder unknown :
        List.of(
            named("errors"), named("error_rate").setVersion(7), named("uptime").setVersion(-1))) {
      Statuses failure = Statuses.of(() -> value(unknown));
      assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(failure.field()).isEqualTo("metrics[0].definition");
      assertThat(failure.message()).contains("ListMetricDefinitions");
    }
  }

  private List<MetricDefinition> definitions() {
    return harness
        .client()
        .listMetricDefinitions(ListMetricDefinitionsRequest.getDefaultInstance())
        .getDefinitionsList();
  }

  private MetricValue value(Metric.Builder metric) {
    return harness.client().summarize(request(metric)).getRows(0).getValues(0);
  }

  private static SummarizeRequest request(Metric.Builder metric) {
    long start = Instant.parse(START).toEpochMilli();
    TimeWindow window =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromMillis(start))
            .setEndTime(Timestamps.fromMillis(start + 1000))
            .build();
    return SummarizeRequest.newBuilder().setWindow(window).addMetrics(metric).build();
  }

  private static Metric.Builder share(String... statuses) {
    return Metric.newBuilder()
        .setMeasure(Measure.MEASURE_STATUS_SHARE)
        .addAllStatuses(List.of(statuses));
  }

  private static Metric.Builder named(String definition) {
    return Metric.newBuilder().setDefinition(definition);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = harness.database().connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
