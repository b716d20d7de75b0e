package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.GetStatsRequest;
import dev.windrow.query.v1.GetStatsResponse;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GetStatsIT {
  private static final long START = RandomEvents.START;
  private static final List<Double> VALUES =
      List.of(-5.0, 0.0, 9.5, 10.0, 55.0, 89.5, 90.0, 100.0, 250.0);

  private QueryHarness harness;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void stats_areOfTheNewestValueOfEachPair() throws SQLException {
    List<TestEvent> old = new ArrayList<>();
    List<TestEvent> newest = new ArrayList<>();
    for (int i = 0; i < VALUES.size(); i++) {
      old.add(event(START + i, "t", "e" + i, 33.0));
      newest.add(event(START + 100 + i, "t", "e" + i, VALUES.get(i)));
    }
    newest.add(event(START + 500, "t", "without", null));
    newest.add(event(START + 50, "u", "e0", 42.0));
    harness.store().writeCompacted(1, newest);
    harness.store().writeLive(2, old);
    GetStatsResponse stats = stats(GetStatsRequest.newBuilder());
    assertThat(stats.getPairCount()).isEqualTo(11);
    assertThat(stats.getProgressDistributionList())
        .containsExactly(3L, 1L, 0L, 0L, 1L, 1L, 0L, 0L, 1L, 3L);
    assertThat(stats.getWithoutValueCount()).isEqualTo(1);
    assertThat(Timestamps.toMicros(stats.getNewestOccurredAt())).isEqualTo(START + 500);
    GetStatsResponse ofOneType = stats(GetStatsRequest.newBuilder().addTypes("u"));
    assertThat(ofOneType.getPairCount()).isEqualTo(1);
    assertThat(ofOneType.getProgressDistributionList())
        .containsExactly(0L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L);
    TimeWindow before =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromMicros(START))
            .setEndTime(Timestamps.fromMicros(START + 9))
            .build();
    GetStatsResponse ofAWindow = stats(GetStatsRequest.newBuilder().setWindow(before));
    assertThat(ofAWindow.getPairCount()).isEqualTo(9);
    assertThat(ofAWindow.getProgressDistributionList())
        .containsExactly(0L, 0L, 0L, 9L, 0L, 0L, 0L, 0L, 0L, 0L);
  }

  @Test
  void stats_ofNothing_areTenZeros() {
    GetStatsResponse stats = stats(GetStatsRequest.newBuilder());
    assertThat(stats.getProgressDistributionList()).hasSize(10).containsOnly(0L);
    assertThat(stats.getPairCount()).isZero();
    assertThat(stats.hasNewestOccurredAt()).isFalse();
  }

  @Test
  void instanceAndEnvironment_areThereIfTheyAreSet() throws Exception {
    GetStatsResponse named = stats(GetStatsRequest.newBuilder());
    assertThat(named.getInstanceId()).isEqualTo("query-1");
    assertThat(named.getEnv()).isEqualTo("test");
    try (QueryHarness unnamed = QueryHarness.start(Map.of("INSTANCE_ID", "", "ENV", ""))) {
      GetStatsResponse stats = unnamed.client().getStats(GetStatsRequest.getDefaultInstance());
      assertThat(stats.hasInstanceId()).isFalse();
      assertThat(stats.hasEnv()).isFalse();
    }
  }

  @Test
  void stats_ofTooManyPairs_areRefused() throws Exception {
    try (QueryHarness narrow = QueryHarness.start(Map.of("WINDROW_MAX_GROUPS", "5"))) {
      narrow.store().writeLive(1, RandomEvents.of(new Random(1), 100));
      Statuses told =
          Statuses.of(() -> narrow.client().getStats(GetStatsRequest.getDefaultInstance()));
      assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(told.reason()).isEqualTo("TOO_MANY_GROUPS");
    }
  }

  @Test
  void whatIsWrongWithARequest_isAnErrorThatNamesTheField() {
    refused("filter", GetStatsRequest.newBuilder().setFilter("colour = red"));
    refused("types[0]", GetStatsRequest.newBuilder().addTypes("\0"));
    refused("window.start_time", GetStatsRequest.newBuilder().setWindow(TimeWindow.newBuilder()));
    refused(
        "require.min_coverage",
        GetStatsRequest.newBuilder().setRequire(Requirements.newBuilder().setMinCoverage(0.5)));
  }

  private void refused(String field, GetStatsRequest.Builder request) {
    Statuses told = Statuses.of(() -> stats(request));
    assertThat(told.code()).as(field).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo(field);
  }

  private GetStatsResponse stats(GetStatsRequest.Builder request) {
    return harness.client().getStats(request.build());
  }

  private static TestEvent event(
      long micros, String type, String entityId, @Nullable Double value) {
    return new TestEvent(micros, "s", type, entityId, "", value, null, Map.of(), null);
  }
}
