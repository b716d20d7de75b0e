package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.StoredRollups;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.Tier;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers from a store that keeps less than every event in every grain. */
class DensityIT {
  private QueryHarness harness;
  private TestStore store;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of("WINDROW_MAX_RAW_ROWS", "9"));
    store = harness.store();
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void unfoldedEvents_areDelta_andNotRefusedForTheirNumber() throws SQLException {
    store.writeCompacted(1, events("2001-01-01T06:00:00Z", 60, 30));
    store.writeUnfolded(2, events("2001-01-01T06:00:30Z", 60, 40));
    for (Measure measure : List.of(Measure.MEASURE_MAX, Measure.MEASURE_SUM)) {
      SummarizeResponse response = ask("2001-01-01T06:00:00Z", "2001-01-01T07:00:00Z", "", measure);
      assertThat(count(response)).isEqualTo(70);
      assertThat(response.getPlan().getRollup()).isEqualTo("type");
      assertThat(response.getPlan().getDeltaRows()).isEqualTo(40);
      assertThat(response.getPlan().getEventRows()).isZero();
      assertThat(response.getInfo().getFreshness().getDeltaRows()).isEqualTo(40);
    }
  }

  @Test
  void unfoldedEvents_ofOneEntity_areFoundInRunsAndLooseRows() throws SQLException {
    store.writeUnfolded(1, events("2001-01-01T06:00:00Z", 60, 40));
    StoredRollups loose = new StoredRollups(store.rollups());
    List<TestEvent> events = events("2001-01-01T06:00:30Z", 60, 40);
    loose.flush(2, events, rollup -> true);
    store.writeEvents(2, events, false);
    store.write(loose);
    for (String filter : List.of("entity_id = plane-3", "entity_id : (plane-3, nobody)")) {
      SummarizeResponse response =
          ask("2001-01-01T06:00:00Z", "2001-01-01T07:00:00Z", filter, Measure.MEASURE_MAX);
      assertThat(count(response)).isEqualTo(8);
      assertThat(response.getPlan().getRollup()).isEqualTo("type,entity_id");
    }
  }

  @Test
  void unfoldedEvents_atTheEdgesOfTheWindow_areCountedAsOthersAre() throws SQLException {
    store.writeUnfolded(1, events("2001-01-01T06:00:00Z", 1, 1));
    store.writeUnfolded(2, events("2001-01-01T06:59:59.999999Z", 1, 1));
    store.writeUnfolded(3, events("2001-01-01T07:00:00Z", 1, 1));
    store.writeUnfolded(4, events("2001-01-01T05:59:59.999999Z", 1, 1));
    assertThat(count(ask("2001-01-01T06:00:00Z", "2001-01-01T07:00:00Z", "", Measure.MEASURE_MAX)))
        .isEqualTo(2);
  }

  @Test
  void unfoldedBatches_ofManyYears_areReadTogether() throws SQLException {
    for (int year = 1990; year < 2000; year++) {
      store.writeUnfolded(year, events(year + "-05-01T06:00:00Z", 3600, 20));
    }
    SummarizeResponse response =
        ask("1980-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "", Measure.MEASURE_SUM);
    assertThat(count(response)).isEqualTo(200);
    assertThat(response.getPlan().getDeltaRows()).isEqualTo(200);
  }

  @Test
  void coarseHour_isReadRawInPart_andItsStaleMinutesAreNot() throws SQLException {
    StoredRollups stored = new StoredRollups(store.rollups());
    write(stored, 1, events("2001-01-01T06:00:00Z", 600, 6));
    stored.compact(delta -> true);
    RollupDefinition type = store.rollups().get(0);
    stored.addSpan(type, Grain.HOUR, micros("2001-01-01T06:00:00Z"));
    write(stored, 2, events("2001-01-01T06:05:00Z", 600, 6));
    stored.compact(delta -> true);
    write(stored, 3, events("2001-01-01T06:07:00Z", 3600, 2));
    store.write(stored);
    SummarizeResponse part =
        ask("2001-01-01T06:30:00Z", "2001-01-01T08:10:00Z", "", Measure.MEASURE_MAX);
    assertThat(count(part)).isEqualTo(7);
    // By the rollup that is nowhere coarse, unless there is none.
    assertThat(tiers(part.getPlan())).doesNotContain(Tier.TIER_RAW);
    retire("type,source,status");
    retire("type,entity_id");
    part = ask("2001-01-01T06:30:00Z", "2001-01-01T08:10:00Z", "", Measure.MEASURE_MAX);
    assertThat(count(part)).isEqualTo(7);
    assertThat(tiers(part.getPlan()))
        .containsExactly(Tier.TIER_RAW, Tier.TIER_HOUR, Tier.TIER_MINUTE);
    assertThat(part.getPlan().getEventRows()).isEqualTo(6);
    SummarizeResponse whole =
        ask("2001-01-01T05:59:00Z", "2001-01-01T08:10:00Z", "", Measure.MEASURE_MAX);
    assertThat(count(whole)).isEqualTo(14);
    assertThat(tiers(whole.getPlan()))
        .containsExactly(Tier.TIER_MINUTE, Tier.TIER_HOUR, Tier.TIER_MINUTE);
    assertThat(whole.getPlan().getEventRows()).isZero();
  }

  private void write(StoredRollups stored, long batchId, List<TestEvent> events)
      throws SQLException {
    stored.flush(batchId, events, rollup -> false);
    store.writeEvents(batchId, events, true);
  }

  private void retire(String rollup) throws SQLException {
    try (Connection connection = harness.database().connect();
        var retire =
            connection.prepareStatement("UPDATE rollups SET state = 'RETIRED' WHERE name = ?")) {
      retire.setString(1, rollup);
      retire.execute();
    }
  }

  private SummarizeResponse ask(String from, String to, String filter, Measure measure) {
    return harness
        .client()
        .summarize(
            SummarizeRequest.newBuilder()
                .setWindow(
                    TimeWindow.newBuilder()
                        .setStartTime(Timestamps.fromMicros(micros(from)))
                        .setEndTime(Timestamps.fromMicros(micros(to))))
                .setFilter(filter)
                .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
                .addMetrics(Metric.newBuilder().setMeasure(measure))
                .setExplain(true)
                .build());
  }

  private static long count(SummarizeResponse response) {
    return response.getRows(0).getValues(0).getInteger();
  }

  private static List<Tier> tiers(Plan plan) {
    return plan.getSegmentsList().stream().map(segment -> segment.getTier()).toList();
  }

  private static List<TestEvent> events(String first, long stepSeconds, int count) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          TestEvent.of(
              micros(first) + i * stepSeconds * 1_000_000, "s", "departed", "plane-" + i % 10));
    }
    return events;
  }

  private static long micros(String instant) {
    Instant time = Instant.parse(instant);
    return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
  }
}
