package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Standard deviations, and rows that do not know what they need. */
class StandardDeviationIT {
  private static final Instant FROM = Instant.parse("2001-01-01T00:00:00Z");
  private static final int EVENTS = 3_000;

  /** Their squares agree in the first 20 digits: the difference of rounded sums would be noise. */
  private static final double FAR = 1e10;

  @Test
  void valuesThatLieCloseTogetherFarFromZero_loseNothing() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of())) {
      harness.store().writeCompacted(1, events().subList(0, EVENTS / 2));
      harness.store().writeLive(2, events().subList(EVENTS / 2, EVENTS));
      SummarizeResponse answer = harness.client().summarize(request().addGroupBy("source").build());
      assertThat(answer.getPlan().getRollup()).isEqualTo("type,source,status");
      assertThat(answer.getRowsList())
          .extracting(row -> row.getValues(0))
          // Half of the values of s0 are 1/4 below the mean, half above; those of s1 are equal; s2
          // has none.
          .containsExactly(
              stddev(0.25), stddev(0), MetricValue.newBuilder().setName("stddev").build());
      assertThat(answer.getInfo().getExactness(0).getExactness())
          .isEqualTo(Exactness.EXACTNESS_EXACT);
    }
  }

  @Test
  void rowsFromBefore_areAnsweredByTheirEvents() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of())) {
      harness.store().writeCompacted(1, events());
      SummarizeRequest.Builder request = request();
      SummarizeResponse before = harness.client().summarize(request.build());
      assertThat(before.getPlan().getEventRows()).isZero();
      // As the version before writes them, some of them.
      execute(harness, "UPDATE rollup_buckets SET value_squares = NULL WHERE key[1] = 'type-1'");
      SummarizeResponse after = harness.client().summarize(request.build());
      assertThat(after.getRowsList()).isEqualTo(before.getRowsList());
      assertThat(after.getPlan().getEventRows()).isEqualTo(EVENTS);
      assertThat(after.getPlan().getRawReason()).contains("standard deviation");
      // Who does not touch them is answered as ever.
      request.setFilter("type = type-0");
      assertThat(harness.client().summarize(request.build()).getPlan().getEventRows()).isZero();
      request.clearFilter().setMetrics(0, Metric.newBuilder().setMeasure(Measure.MEASURE_AVG));
      assertThat(harness.client().summarize(request.build()).getPlan().getEventRows()).isZero();
    }
  }

  @Test
  void rowsFromBefore_thatWouldCostTooMuch_refuseTheQuestion() throws Exception {
    try (QueryHarness harness = QueryHarness.start(Map.of("WINDROW_MAX_QUESTION_COST", "1000"))) {
      harness.store().writeCompacted(1, events());
      execute(harness, "UPDATE rollup_buckets SET value_squares = NULL");
      execute(harness, "ANALYZE");
      Statuses told = Statuses.of(() -> harness.client().summarize(request().build()));
      assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
      assertThat(told.message()).contains("narrow the window", "standard deviation");
    }
  }

  private static MetricValue stddev(double value) {
    return MetricValue.newBuilder().setName("stddev").setReal(value).build();
  }

  /** One a second, of two types and three sources. */
  private static List<TestEvent> events() {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      int source = i % 3;
      Double value =
          switch (source) {
            case 0 -> FAR + (i / 6 % 2 == 0 ? 0.25 : -0.25);
            case 1 -> FAR;
            default -> null;
          };
      events.add(
          new TestEvent(
              (FROM.getEpochSecond() + i) * 1_000_000,
              "s" + source,
              "type-" + i / 3 % 2,
              "entity",
              "",
              value,
              null,
              Map.of(),
              null));
    }
    return events;
  }

  private static SummarizeRequest.Builder request() {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(FROM.toEpochMilli()))
                .setEndTime(Timestamps.fromMillis(FROM.toEpochMilli() + 86_400_000L)))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_STDDEV))
        .setExplain(true);
  }

  private static void execute(QueryHarness harness, String sql) throws SQLException {
    try (Connection connection = harness.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
