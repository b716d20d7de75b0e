package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.GetLatestResponse;
import dev.windrow.query.v1.LatestEvent;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.Tier;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GetLatestIT {
  private static final long START = RandomEvents.START;
  private static final long HOUR = 3_600_000_000L;

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
  void events_areTheNewestAsTheyWereSent_inOrderOfTheirCodePoints() throws SQLException {
    harness
        .store()
        .writeCompacted(
            1,
            List.of(
                event(START + 5, "t", "\uFF5E", "old", 1.0),
                event(START + 7, "t", "\uFF5E", "ok", -0.25),
                event(START + 7, "t", "a", "", null),
                event(START + 9, "T", "a", "late", 3.0)));
    harness.store().writeLive(2, List.of(event(START + 6, "t", "\uFF5E", "older", 2.0)));
    harness.store().writeUnfolded(3, List.of(event(START + 1, "t", "\uD83D\uDE00", "", 0.0)));
    GetLatestResponse answer = harness.client().getLatest(GetLatestRequest.getDefaultInstance());
    assertThat(answer.getEventsList())
        .extracting(
            LatestEvent::getType,
            LatestEvent::getEntityId,
            e -> Timestamps.toMicros(e.getOccurredAt()) - START,
            LatestEvent::getStatus,
            e -> e.hasValue() ? e.getValue() : null,
            LatestEvent::getBatchId,
            LatestEvent::getBatchIndex)
        .containsExactly(
            tuple("T", "a", 9L, "late", 3.0, 1L, 3),
            tuple("t", "a", 7L, "", null, 1L, 2),
            tuple("t", "\uFF5E", 7L, "ok", -0.25, 1L, 1),
            tuple("t", "\uD83D\uDE00", 1L, "", 0.0, 3L, 0));
    assertThat(answer.getNextPageToken()).isEmpty();
    assertThat(answer.getInfo().getInstanceId()).isEqualTo("query-1");
    assertThat(answer.getInfo().getFreshness().getDeltaRows()).isEqualTo(2);
    assertThat(answer.getInfo().hasCoverage()).isFalse();
  }

  @Test
  void pages_whileEventsArrive_showTheFirstPagesInstant() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    harness.store().writeCompacted(1, RandomEvents.of(random, 200));
    harness.store().writeLive(2, RandomEvents.of(random, 100));
    harness.store().writeUnfolded(3, RandomEvents.of(random, 100));
    List<LatestEvent> before = all(request().setPageSize(1_000)).get(0).getEventsList();
    List<LatestEvent> listed = new ArrayList<>();
    Set<String> positions = new HashSet<>();
    String token = "";
    long batch = 4;
    do {
      GetLatestResponse page =
          harness.client().getLatest(request().setPageSize(7).setPageToken(token).build());
      listed.addAll(page.getEventsList());
      positions.add(page.getInfo().getPosition());
      token = page.getNextPageToken();
      // Newer events of the same pairs, and pairs that nobody had seen.
      harness.store().writeLive(batch++, RandomEvents.of(random, 20));
      harness.store().writeUnfolded(batch++, newPairs(batch));
    } while (!token.isEmpty());
    assertThat(listed).as("seed " + seed).isEqualTo(before);
    assertThat(positions).as("seed " + seed).hasSize(1);
    assertThat(all(request()).get(0).getEventsCount()).isGreaterThan(before.size());
  }

  @Test
  void pages_ofLargeNames_fitAMessage() throws SQLException {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      events.add(event(START + i, "t", i + "x".repeat(40_000), "", null));
    }
    harness.store().writeUnfolded(1, events);
    List<GetLatestResponse> pages = all(request().setPageSize(9_999_999));
    assertThat(pages).hasSizeGreaterThan(1);
    assertThat(pages).flatExtracting(GetLatestResponse::getEventsList).hasSize(60);
  }

  @Test
  void explain_ofPairsAlone_readsDaysAndNoEvents() throws SQLException {
    harness.store().writeCompacted(1, RandomEvents.of(new Random(1), 300));
    var plan = harness.client().getLatest(request().setExplain(true).build()).getPlan();
    assertThat(plan.getRollup()).isEqualTo("type,entity_id");
    assertThat(plan.getSegmentsList()).extracting(s -> s.getTier()).containsExactly(Tier.TIER_DAY);
    assertThat(plan.getBucketRows()).isPositive();
    assertThat(plan.getEventRows()).isZero();
  }

  @Test
  void filter_onAnythingElse_readsTheEvents() throws SQLException {
    harness
        .store()
        .writeCompacted(
            1,
            List.of(event(START, "t", "a", "failed", 1.0), event(START + 1, "t", "a", "ok", 2.0)));
    var request = request().setFilter("status = failed").setExplain(true);
    GetLatestResponse answer = harness.client().getLatest(request.build());
    assertThat(answer.getEventsList()).extracting(LatestEvent::getValue).containsExactly(1.0);
    assertThat(answer.getPlan().getRollup()).isEmpty();
    assertThat(answer.getPlan().getEventRows()).isEqualTo(1);
  }

  @Test
  void window_entitiesAndTypes_restrictWhatIsTold() throws SQLException {
    harness
        .store()
        .writeCompacted(
            1,
            List.of(
                event(START, "t", "a", "", 1.0),
                event(START + HOUR, "t", "a", "", 2.0),
                event(START + 2 * HOUR, "t", "a", "", 3.0),
                event(START, "t", "b", "", 4.0),
                event(START, "u", "a", "", 5.0)));
    TimeWindow window =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromMicros(START))
            .setEndTime(Timestamps.fromMicros(START + 2 * HOUR))
            .build();
    assertThat(values(request().setWindow(window))).containsExactly(2.0, 4.0, 5.0);
    assertThat(values(request().addTypes("t").addEntityIds("a").addEntityIds("nobody")))
        .containsExactly(3.0);
    assertThat(values(request().addTypes("u").setFilter("entity_id = b"))).isEmpty();
    TimeWindow empty = window.toBuilder().setEndTime(window.getStartTime()).build();
    assertThat(values(request().setWindow(empty))).isEmpty();
  }

  @Test
  void whatIsWrongWithARequest_isAnErrorThatNamesTheField() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 100));
    String token = harness.client().getLatest(request().setPageSize(1).build()).getNextPageToken();
    refused("page_size", request().setPageSize(-1));
    refused("page_token", request().setPageToken(token).addTypes("type-1"));
    refused("page_token", request().setPageToken(token).setFilter("type = x"));
    refused("page_token", request().setPageToken("AAAA"));
    refused("page_token", request().setPageToken("not base64!"));
    refused("filter", request().setFilter("colour = red"));
    refused("types[1]", request().addTypes("ok").addTypes("a\0b"));
    refused("entity_ids", request().addAllEntityIds(Collections.nCopies(1_001, "e")));
    refused(
        "window.end_time",
        request()
            .setWindow(
                TimeWindow.getDefaultInstance().toBuilder()
                    .setStartTime(Timestamps.fromMicros(START))));
    refused(
        "require.min_coverage", request().setRequire(Requirements.newBuilder().setMinCoverage(1)));
    assertThat(all(request().setPageToken(token).setPageSize(50)))
        .as("another size is no other request")
        .isNotEmpty();
  }

  @Test
  void whatCostsTooMuch_isRefusedWithAReason() throws Exception {
    try (QueryHarness narrow = QueryHarness.start(Map.of("WINDROW_MAX_RAW_ROWS", "5"))) {
      narrow.store().writeLive(1, RandomEvents.of(new Random(1), 100));
      var request = request().setFilter("source != nobody").build();
      Statuses told = Statuses.of(() -> narrow.client().getLatest(request));
      assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(told.reason()).isEqualTo("RAW_SCAN_TOO_LARGE");
    }
    try (QueryHarness narrow = QueryHarness.start(Map.of("WINDROW_MAX_QUESTION_COST", "5"))) {
      narrow.store().writeCompacted(1, RandomEvents.of(new Random(1), 100));
      Statuses told = Statuses.of(() -> narrow.client().getLatest(request().build()));
      assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
    }
  }

  @Test
  void require_ofAPositionNotReached_isRefused() {
    var require = Requirements.newBuilder().setMinPosition("999");
    Statuses told =
        Statuses.of(() -> harness.client().getLatest(request().setRequire(require).build()));
    assertThat(told.reason()).isEqualTo("POSITION_NOT_REACHED");
  }

  @Test
  void deadline_whileTheTableIsLocked_endsTheCall() throws Exception {
    try (Connection blocker = harness.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE rollup_buckets IN ACCESS EXCLUSIVE MODE");
      Statuses told =
          Statuses.of(
              () ->
                  harness
                      .client()
                      .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                      .getLatest(request().build()));
      assertThat(told.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      blocker.rollback();
    }
  }

  private List<GetLatestResponse> all(GetLatestRequest.Builder request) {
    List<GetLatestResponse> pages = new ArrayList<>();
    do {
      pages.add(harness.client().getLatest(request.build()));
      request.setPageToken(pages.get(pages.size() - 1).getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return pages;
  }

  private List<Double> values(GetLatestRequest.Builder request) {
    return harness.client().getLatest(request.build()).getEventsList().stream()
        .map(LatestEvent::getValue)
        .toList();
  }

  private void refused(String field, GetLatestRequest.Builder request) {
    Statuses told = Statuses.of(() -> harness.client().getLatest(request.build()));
    assertThat(told.code()).as(field).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo(field);
  }

  private static List<TestEvent> newPairs(long number) {
    return List.of(event(START + number, "type-0", "entity-1 of " + number, "", null));
  }

  private static TestEvent event(
      long micros, String type, String entityId, String status, @Nullable Double value) {
    return new TestEvent(micros, "s", type, entityId, status, value, null, Map.of(), null);
  }

  private static GetLatestRequest.Builder request() {
    return GetLatestRequest.newBuilder();
  }
}
