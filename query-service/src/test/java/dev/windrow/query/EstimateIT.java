package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.PlanAlternative;
import dev.windrow.query.v1.PlanEstimate;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What questions are thought to read, beside what they read. */
class EstimateIT {
  private static final String FROM = "2001-01-01T06:00:00Z";
  private static final int EVENTS = 3000;

  private QueryHarness harness;

  @BeforeEach
  void open() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void estimate_ofAnAnalysedStore_isWhatIsRead() throws Exception {
    write();
    execute("ANALYZE");
    Plan plan = explain(request("2001-01-01T09:00:00Z", "2001-01-01T15:30:00Z"));
    assertThat(plan.getRollup()).isEqualTo("type");
    assertThat(plan.getBucketRows()).isEqualTo(6 + 30);
    assertThat(plan.getEstimate().getBucketRows()).isBetween(33L, 39L);
    assertThat(plan.getEstimate().getEventRows()).isZero();
    assertThat(plan.getEstimate().getCost()).isEqualTo(plan.getEstimate().getBucketRows());
  }

  @Test
  void estimate_ofRawEvents_isThoseOfTheWindow() throws Exception {
    write();
    execute("ANALYZE");
    var request = request("2001-01-01T09:00:00Z", "2001-01-01T15:00:00Z");
    Plan plan = explain(request.addGroupBy("attributes.gate"));
    assertThat(plan.getEventRows()).isEqualTo(360);
    assertThat(plan.getEstimate().getEventRows()).isBetween(340L, 380L);
    assertThat(plan.getAlternativesList()).isEmpty();
  }

  @Test
  void estimate_ofAStoreNeverAnalysed_isByItsPages() throws Exception {
    write();
    Plan plan = explain(request(FROM, "2001-01-04T00:00:00Z").addGroupBy("attributes.gate"));
    assertThat(plan.getEventRows()).isEqualTo(EVENTS);
    assertThat(plan.getEstimate().getEventRows()).isBetween(EVENTS / 3L, EVENTS * 3L);
  }

  @Test
  void estimate_ofATableAnalysedWhileEmpty_isByItsPages() throws Exception {
    execute("SELECT ensure_event_days('{2001-01-01,2001-01-02,2001-01-03}')");
    execute("ALTER TABLE events_20010101_loose SET (autovacuum_enabled = false)");
    execute("ANALYZE");
    write();
    Plan plan = explain(request(FROM, "2001-01-04T00:00:00Z").addGroupBy("attributes.gate"));
    assertThat(plan.getEstimate().getEventRows()).isBetween(EVENTS / 3L, EVENTS * 3L);
  }

  @Test
  void explain_tellsTheAlternatives_andWhatTheyWereThoughtToRead() throws Exception {
    write();
    execute("ANALYZE");
    Plan plan = explain(request("2001-01-01T06:00:00Z", "2001-01-03T08:00:00Z"));
    assertThat(plan.getRollup()).isEqualTo("type");
    assertThat(plan.getAlternativesList())
        .extracting(PlanAlternative::getRollup)
        .containsExactly("type,source,status", "type,entity_id", "");
    assertThat(plan.getAlternativesList())
        .extracting(alternative -> alternative.getEstimate().getCost())
        .isSorted()
        .allSatisfy(cost -> assertThat(cost).isGreaterThan(plan.getEstimate().getCost()));
    PlanEstimate raw = plan.getAlternatives(2).getEstimate();
    assertThat(raw.getEventRows()).isBetween(EVENTS * 9L / 10, EVENTS * 11L / 10);
  }

  @Test
  void questionBeyondTheCap_isRefusedBeforeAnythingIsRead() throws Exception {
    openWithMaxCost(1000);
    write();
    execute("ANALYZE");
    // Whoever reads an event fails otherwise.
    execute("ALTER TABLE events RENAME COLUMN type TO kind");
    var request = request(FROM, "2001-01-04T00:00:00Z").addGroupBy("attributes.gate");
    Statuses told = Statuses.of(() -> harness.client().summarize(request.build()));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
    assertThat(told.message())
        .contains("about 3000 rows", "at most 1000", "narrow the window", "attributes.gate");
    assertThat(told.metadata())
        .containsEntry("estimated_cost", "3000")
        .containsEntry("estimated_event_rows", "3000")
        .containsEntry("estimated_bucket_rows", "0")
        .containsEntry("max_cost", "1000")
        .containsEntry("dimensions", "attributes.gate")
        .containsKey("advice");
  }

  @Test
  void questionBeyondTheCap_byARollup_isToldOfACoarserInterval() throws Exception {
    openWithMaxCost(5);
    write();
    execute("ANALYZE");
    var minutes = request("2001-01-01T09:00:00Z", "2001-01-01T09:40:00Z");
    Statuses told = Statuses.of(() -> harness.client().summarize(minutes.build()));
    assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
    assertThat(told.message()).contains("ask for a coarser interval");
    assertThat(told.metadata()).containsEntry("estimated_event_rows", "0");
    var hours = request("2001-01-01T09:00:00Z", "2001-01-01T13:00:00Z");
    assertThat(explain(hours).getBucketRows()).isEqualTo(4);
  }

  @Test
  void unfoldedEvents_refuseNobody() throws Exception {
    openWithMaxCost(100);
    harness.store().writeUnfolded(1, events());
    execute("ANALYZE");
    Plan plan = explain(request(FROM, "2001-01-04T00:00:00Z"));
    assertThat(plan.getDeltaRows()).isEqualTo(EVENTS);
    assertThat(plan.getEstimate().getDeltaRows()).isEqualTo(EVENTS);
    assertThat(plan.getEstimate().getCost()).isGreaterThanOrEqualTo(EVENTS);
  }

  @Test
  void deltaRows_areCounted_andTheRollupWithTheFewestWins() throws Exception {
    harness.store().writeLive(1, events());
    Plan plan = explain(request("2001-01-01T00:00:00Z", "2001-01-04T00:00:00Z"));
    // Ten entities an hour, rather than an event a minute.
    assertThat(plan.getRollup()).isEqualTo("type,entity_id");
    assertThat(plan.getDeltaRows()).isEqualTo(EVENTS / 6);
    assertThat(plan.getEstimate().getDeltaRows()).isEqualTo(EVENTS / 6);
  }

  private void openWithMaxCost(int rows) throws IOException {
    harness.close();
    harness = QueryHarness.start(Map.of("WINDROW_MAX_QUESTION_COST", Integer.toString(rows)));
  }

  private void write() throws SQLException {
    harness.store().writeCompacted(1, events());
  }

  /** One a minute, of one type, two sources and ten entities: two days and two hours. */
  private static List<TestEvent> events() {
    List<TestEvent> events = new ArrayList<>();
    long first = Instant.parse(FROM).getEpochSecond();
    for (int i = 0; i < EVENTS; i++) {
      events.add(
          TestEvent.of((first + 60L * i) * 1_000_000, "s" + i % 2, "departed", "plane-" + i % 10));
    }
    return events;
  }

  private Plan explain(SummarizeRequest.Builder request) {
    return harness.client().summarize(request.build()).getPlan();
  }

  private static SummarizeRequest.Builder request(String from, String to) {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(Instant.parse(from).toEpochMilli()))
                .setEndTime(Timestamps.fromMillis(Instant.parse(to).toEpochMilli())))
        .setExplain(true);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = harness.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
