package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.StoredEvent;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.Tier;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions as of the position of an earlier answer. */
class AsOfIT {
  private static final String AHEAD = "900000000:900000000:";

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
  void answer_asOfAPosition_isWhatItWasThen() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    harness.store().writeCompacted(1, RandomEvents.of(random, 300));
    harness.store().declare("source-1", "p", Instant.parse("2001-03-27T00:00:00Z"));
    SummarizeRequest.Builder question =
        question().addGroupBy("source").setCompareTo(Comparison.getDefaultInstance());
    SummarizeResponse then = ask(question);
    assertThat(then.getInfo().hasCoverage()).isTrue();

    harness.store().writeLive(2, RandomEvents.of(random, 50));
    harness.store().writeLive(3, RandomEvents.of(random, 50));
    harness.store().writeUnfolded(4, RandomEvents.of(random, 50));
    assertThat(ask(question).getRowsList()).isNotEqualTo(then.getRowsList());

    String position = then.getInfo().getPosition();
    SummarizeResponse again = ask(question.clone().setPosition(position));
    assertThat(again.getRowsList()).as("seed " + seed).isEqualTo(then.getRowsList());
    AnswerInfo info = again.getInfo();
    assertThat(info.getPosition()).isEqualTo(position);
    assertThat(Timestamps.compare(then.getInfo().getSnapshotTime(), info.getSnapshotTime()))
        .isNegative();
    assertThat(info.hasCoverage()).isFalse();
    assertThat(info.getFreshness().hasNewestBatchTime()).isFalse();
    assertThat(info.getFreshness().hasNewestOccurredAt()).isFalse();
    assertThat(info.getFreshness().getSourceWatermarksList()).isEmpty();
  }

  @Test
  void plan_asOfAPosition_readsRawOnlyWhatLaterBatchesTouch() throws SQLException {
    harness.store().writeCompacted(1, RandomEvents.of(new Random(1), 300));
    var question = question().setWindow(window("2001-03-25T00:00:00Z", "2001-03-27T00:00:00Z"));
    String position = ask(question).getInfo().getPosition();
    harness.store().writeLive(2, at("2001-03-25T10:20:30Z"));
    var plan = ask(question.setPosition(position).setExplain(true)).getPlan();
    assertThat(plan.getRollup()).isEqualTo("type");
    assertThat(plan.getSegmentsList())
        .filteredOn(segment -> segment.getTier() == Tier.TIER_RAW)
        .extracting(segment -> segment.getWindow())
        .containsExactly(window("2001-03-25T10:20:00Z", "2001-03-25T10:21:00Z"));
    assertThat(plan.getEventRows()).isZero();
  }

  @Test
  void answer_whoseFirstSawABatchUnderWay_neverCountsIt() throws SQLException {
    harness.store().writeLive(1, at("2001-03-25T10:00:00Z"));
    try (Connection writer = harness.database().connect();
        Statement insert = writer.createStatement()) {
      writer.setAutoCommit(false);
      insert.execute(
          "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
              + " duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at)"
              + " VALUES (1, 9, 0, 1, 1, 0, 0, '2001-03-25T11:00:00Z', '2001-03-25T11:00:00Z');"
              + " INSERT INTO unfolded_batches (tenant_id, rollup_id, batch_id, event_count,"
              + " oldest_occurred_at, newest_occurred_at) SELECT 1, rollup_id, 9, 1,"
              + " '2001-03-25T11:00:00Z', '2001-03-25T11:00:00Z' FROM rollups;"
              + " INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source,"
              + " type, entity_id, status) VALUES (1, '2001-03-25T11:00:00Z', 9, 0, 's', 't',"
              + " 'e', '')");
      SummarizeResponse then = ask(question());
      writer.commit();
      assertThat(count(ask(question()))).isEqualTo(2);
      assertThat(count(ask(question().setPosition(then.getInfo().getPosition())))).isEqualTo(1);
    }
  }

  @Test
  void listing_asOfAPosition_isOfTheSameEvents() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(2), 60));
    String position = ask(question()).getInfo().getPosition();
    harness.store().writeLive(2, RandomEvents.of(new Random(3), 60));
    var request = ListEventsRequest.newBuilder().setWindow(always()).setPosition(position);
    var first = harness.client().listEvents(request.clone().setPageSize(50).build());
    harness.store().writeLive(3, RandomEvents.of(new Random(4), 60));
    var second =
        harness.client().listEvents(request.clone().setPageToken(first.getNextPageToken()).build());
    assertThat(first.getEventsList()).hasSize(50);
    assertThat(second.getEventsList()).hasSize(10);
    assertThat(first.getEventsList()).extracting(StoredEvent::getBatchId).containsOnly(1L);
    assertThat(second.getEventsList()).extracting(StoredEvent::getBatchId).containsOnly(1L);
    assertThat(first.getInfo().getPosition()).isEqualTo(position);
    assertThat(second.getInfo().getPosition()).isEqualTo(position);
    assertThat(first.getInfo().hasCoverage()).isFalse();
    assertThat(second.getNextPageToken()).isEmpty();
    Statuses without =
        Statuses.of(
            () ->
                harness
                    .client()
                    .listEvents(
                        request
                            .clone()
                            .clearPosition()
                            .setPageToken(first.getNextPageToken())
                            .build()));
    assertThat(without.field()).isEqualTo("page_token");
  }

  @Test
  void position_aheadOfTheDatabase_isRefused() {
    Statuses told = Statuses.of(() -> ask(question().setPosition(AHEAD)));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("POSITION_NOT_REACHED");
    assertThat(told.metadata())
        .containsEntry("required_position", AHEAD)
        .containsOnlyKeys("required_position", "position");
    assertThat(told.message()).contains("ask again later");
    var listing = ListEventsRequest.newBuilder().setWindow(always()).setPosition(AHEAD);
    assertThat(Statuses.of(() -> harness.client().listEvents(listing.build())).reason())
        .isEqualTo("POSITION_NOT_REACHED");
  }

  @Test
  void position_ofAStandbyThatDoesNotNameWhatWasUnderWay_isRefused() {
    Statuses told = Statuses.of(() -> ask(question().setPosition("3:5:")));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("POSITION_NOT_WHOLE");
  }

  @Test
  void position_thatIsNone_isRefused() {
    // The number of a batch is what an append answers.
    for (String position : List.of("1", "x", "2:1:", "1:2:'; --")) {
      Statuses told = Statuses.of(() -> ask(question().setPosition(position)));
      assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(told.field()).isEqualTo("position");
    }
  }

  @Test
  void require_asOfAPosition_mayBeOfExactnessAlone() throws SQLException {
    harness.store().writeLive(1, at("2001-03-25T10:00:00Z"));
    String position = ask(question()).getInfo().getPosition();
    var exact = Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT);
    assertThat(count(ask(question().setPosition(position).setRequire(exact)))).isEqualTo(1);
    for (var refused :
        Map.of(
                "require.max_staleness",
                Requirements.newBuilder().setMaxStaleness(Durations.fromHours(1)),
                "require.min_coverage",
                Requirements.newBuilder().setMinCoverage(0.5),
                "require.min_position",
                Requirements.newBuilder().setMinPosition("1"))
            .entrySet()) {
      var request = question().setPosition(position).setRequire(refused.getValue());
      assertThat(Statuses.of(() -> ask(request)).field()).isEqualTo(refused.getKey());
    }
  }

  @Test
  void question_disturbedTooMuch_isToldToAskAnew() throws Exception {
    try (QueryHarness limited = QueryHarness.start(Map.of("WINDROW_MAX_QUESTION_COST", "100"))) {
      limited.store().writeCompacted(1, RandomEvents.of(new Random(5), 2000));
      limited.execute("ANALYZE");
      var question = question().setWindow(window("2001-03-24T00:00:00Z", "2001-03-28T00:00:00Z"));
      String position = limited.client().summarize(question.build()).getInfo().getPosition();
      limited.store().writeLive(2, everyFiveMinutes());
      Statuses told =
          Statuses.of(() -> limited.client().summarize(question.setPosition(position).build()));
      assertThat(told.reason()).isEqualTo("QUESTION_TOO_COSTLY");
      assertThat(told.metadata().get("advice")).startsWith("ask anew without the position");
    }
  }

  private SummarizeResponse ask(SummarizeRequest.Builder request) {
    return harness.client().summarize(request.build());
  }

  private static long count(SummarizeResponse response) {
    return response.getRows(0).getValues(0).getInteger();
  }

  private static SummarizeRequest.Builder question() {
    return SummarizeRequest.newBuilder()
        .setWindow(window("2001-01-01T00:00:00Z", "2001-05-01T00:00:30Z"))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT));
  }

  private static TimeWindow always() {
    return window("1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z");
  }

  private static TimeWindow window(String from, String to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMillis(Instant.parse(from).toEpochMilli()))
        .setEndTime(Timestamps.fromMillis(Instant.parse(to).toEpochMilli()))
        .build();
  }

  private static List<TestEvent> everyFiveMinutes() {
    long step = 5 * 60_000_000L;
    return LongStream.range(0, RandomEvents.DAYS * RandomEvents.DAY / step)
        .mapToObj(i -> TestEvent.of(RandomEvents.START + i * step, "s", "t", "e"))
        .toList();
  }

  private static List<TestEvent> at(String... times) {
    return List.of(times).stream()
        .map(time -> Instant.parse(time).getEpochSecond() * 1_000_000)
        .map(micros -> TestEvent.of(micros, "s", "t", "e"))
        .toList();
  }
}
