package dev.windrow.query.health;

import static dev.windrow.query.health.HealthReports.DAY;
import static dev.windrow.query.health.HealthReports.FIRST;
import static dev.windrow.query.health.HealthReports.check;
import static dev.windrow.query.health.HealthReports.days;
import static dev.windrow.query.health.HealthReports.health;
import static dev.windrow.query.health.HealthReports.read;
import static dev.windrow.query.health.HealthReports.values;
import static dev.windrow.query.health.HealthReports.window;
import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.ReportWarning;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Windows of daily health that are answered for their last days only. */
class ReducedHealthIT {
  private QueryHarness harness;
  private long batchId = 1;

  @BeforeEach
  void open() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void moreEventsThanMayBeRead_reduceTheWindowToItsLastDays_andSaySo() throws Exception {
    restart("WINDROW_MAX_RAW_ROWS", 250);
    write(days(4, 100));
    harness.execute("ANALYZE");
    RunReportResponse response = run(health(4).setExplain(true));
    assertThat(response.getInfo().getEffectiveWindow())
        .isEqualTo(window(FIRST + 2 * DAY, FIRST + 4 * DAY));
    assertThat(response.getWarningsList())
        .extracting(ReportWarning::getCode)
        .containsExactly("WINDOW_REDUCED_BY_COST");
    assertThat(response.getWarnings(0).getMessage())
        .contains("begins at 2001-01-03T00:00:00Z instead of 2001-01-01T00:00:00Z")
        .isEqualTo(response.getInfo().getEffectiveWindowReason());
    assertThat(read(response).keySet())
        .extracting(HealthOracle.Key::day)
        .containsExactly(FIRST + 2 * DAY, FIRST + 3 * DAY);
    assertThat(response.getPlan().getEventRows()).isEqualTo(200);
  }

  @Test
  void estimateThatWasTooLow_reducesTheWindowToo() throws Exception {
    restart("WINDROW_MAX_RAW_ROWS", 150);
    write(days(3, 100));
    for (int i = 0; i < 50; i++) {
      // So that one entity is thought to have few.
      write(TestEvent.of(FIRST + i, "s", "t", "other-" + i));
    }
    harness.execute("ANALYZE");
    RunReportResponse response = run(health(3).putFilters("entity_id", values("e")));
    assertThat(response.getInfo().getEffectiveWindow())
        .isEqualTo(window(FIRST + 2 * DAY, FIRST + 3 * DAY));
    assertThat(response.getWarnings(0).getCode()).isEqualTo("WINDOW_REDUCED_BY_COST");
    assertThat(read(response).values()).extracting(HealthOracle.Day::checks).containsExactly(100L);
  }

  @Test
  void lastDayThatIsTooMuchItself_isRefused() throws Exception {
    restart("WINDROW_MAX_RAW_ROWS", 99);
    write(days(3, 100));
    harness.execute("ANALYZE");
    Statuses told = Statuses.of(() -> run(health(3)));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("RAW_SCAN_TOO_LARGE");
  }

  @Test
  void lastDayThatIsThoughtTooCostly_isRefusedAsAQuestionIs() throws Exception {
    restart("WINDROW_MAX_QUESTION_COST", 50);
    write(days(3, 100));
    harness.execute("ANALYZE");
    Statuses told = Statuses.of(() -> run(health(3)));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
    assertThat(told.metadata()).containsEntry("max_cost", "50");
  }

  @Test
  void tooManyRows_reduceTheWindow_andOneDayOfThemIsRefused() throws Exception {
    restart("WINDROW_MAX_GROUPS", 3);
    write(entities(0, 2));
    write(entities(1, 3));
    RunReportResponse response = run(health(2));
    assertThat(response.getWarnings(0).getCode()).isEqualTo("WINDOW_REDUCED_BY_COST");
    assertThat(response.getTotalRowCount()).isEqualTo(3);
    write(entities(1, 4));
    assertThat(Statuses.of(() -> run(health(2).setLimit(1))).reason()).isEqualTo("TOO_MANY_GROUPS");
  }

  @Test
  void eventsThatAreNoLongerStored_reduceTheWindow_andSaySo() throws Exception {
    harness.store().writeCompacted(1, days(4, 2));
    harness.execute("DELETE FROM events WHERE occurred_at < '2001-01-03T00:00:00Z'");
    RunReportResponse response = run(health(4));
    assertThat(response.getInfo().getEffectiveWindow())
        .isEqualTo(window(FIRST + 2 * DAY, FIRST + 4 * DAY));
    assertThat(response.getWarningsList())
        .extracting(ReportWarning::getCode)
        .containsExactly("WINDOW_REDUCED_BY_MISSING_EVENTS");
    assertThat(response.getWarnings(0).getMessage()).contains("2001-01-03T00:00:00Z");
    assertThat(response.getTotalRowCount()).isEqualTo(2);
    harness.execute("DELETE FROM events");
    Statuses told = Statuses.of(() -> run(health(4).setLimit(7)));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("EVENTS_MISSING");
  }

  @Test
  void daysWithoutEvents_areNotMissing() throws Exception {
    write(check("2001-01-03T12:00:00Z", "ok", 1.0));
    RunReportResponse response = run(health(5));
    assertThat(response.getWarningsList()).isEmpty();
    assertThat(response.getInfo().getEffectiveWindow()).isEqualTo(window(FIRST, FIRST + 5 * DAY));
  }

  @Test
  void coverage_isThatOfTheReducedWindow_andRequiredOfIt() throws Exception {
    harness.store().writeCompacted(1, days(4, 2));
    harness.store().declare("s", "p", Instant.parse("2001-01-04T00:00:00Z"));
    harness.execute("DELETE FROM events WHERE occurred_at < '2001-01-03T00:00:00Z'");
    assertThat(run(health(4)).getInfo().getCoverage().getShare()).isEqualTo(0.5);
    var most = health(4).setRequire(Requirements.newBuilder().setMinCoverage(0.6));
    assertThat(Statuses.of(() -> run(most)).reason()).isEqualTo("INCOMPLETE_COVERAGE");
    var less = health(4).setRequire(Requirements.newBuilder().setMinCoverage(0.5));
    assertThat(run(less).getTotalRowCount()).isEqualTo(2);
  }

  private void restart(String setting, int value) throws IOException {
    harness.close();
    harness = QueryHarness.start(Map.of(setting, Integer.toString(value)));
  }

  private void write(TestEvent... events) throws Exception {
    write(List.of(events));
  }

  private void write(List<TestEvent> events) throws Exception {
    harness.store().writeLive(batchId++, events);
  }

  private static List<TestEvent> entities(int day, int count) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(TestEvent.of(FIRST + day * DAY, "s", "t", "entity-" + i));
    }
    return events;
  }

  private RunReportResponse run(RunReportRequest.Builder request) {
    return harness.client().runReport(request.build());
  }
}
