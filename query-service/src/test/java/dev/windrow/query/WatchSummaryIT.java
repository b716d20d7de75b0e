package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.query.testing.WatchStream;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.v1.WatchHeartbeat;
import dev.windrow.query.v1.WatchSummaryRequest;
import io.grpc.Status;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watch tells, and what it does not. Nobody notifies: changes are found by looking. */
class WatchSummaryIT {
  private static final Instant DAY = Instant.parse("2001-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private QueryHarness harness;
  private TestStore store;
  private long batches;

  @BeforeEach
  void start() throws IOException {
    harness =
        QueryHarness.start(
            Map.of(
                "WINDROW_WATCH_POLL", "PT0.05S",
                "WINDROW_WATCH_HEARTBEAT", "PT0.2S",
                "WINDROW_MAX_WATCHES", "2",
                "WINDROW_MAX_WATCHERS", "3"));
    store = harness.store();
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void change_isPushed_andEqualsSummarize() throws SQLException {
    append(3, DAY.plusSeconds(60));
    WatchStream stream = watch(request());
    await().atMost(PATIENCE).until(() -> stream.count() == 3);
    assertThat(stream.answers()).hasSize(1);
    assertThat(stream.answers().get(0).getRowsList()).isEqualTo(summarize().getRowsList());

    append(2, DAY.plusSeconds(120));
    await().atMost(PATIENCE).until(() -> stream.count() == 5);
    assertThat(stream.answers()).hasSize(2);
    SummarizeResponse pushed = stream.answers().get(1);
    assertThat(pushed.getRowsList()).isEqualTo(summarize().getRowsList());
    assertThat(pushed.getInfo().getInstanceId()).isEqualTo("query-1");
  }

  @Test
  void lateEvent_intoALongPastWindow_isPushed() throws SQLException {
    append(1, DAY.plus(Duration.ofDays(30)));
    WatchStream stream = watch(request());
    await().atMost(PATIENCE).until(() -> stream.count() == 0);
    append(1, DAY);
    await().atMost(PATIENCE).until(() -> stream.count() == 1);
  }

  @Test
  void changeOutsideTheWindow_isNotEvenRead() throws SQLException {
    WatchStream stream = watch(request());
    await().atMost(PATIENCE).until(() -> stream.count() == 0);
    append(1, DAY.minusSeconds(1));
    append(1, DAY.plus(Duration.ofDays(1)));
    // A later look has told of both when it tells of this one.
    append(1, DAY.plus(Duration.ofDays(1)).minusSeconds(1));
    await().atMost(PATIENCE).until(() -> stream.count() == 1);
    assertThat(read()).isEqualTo(2);
    assertThat(stream.answers()).hasSize(2);
  }

  @Test
  void changeInTheComparedWindow_isPushed() throws SQLException {
    WatchStream stream =
        watch(
            request()
                .setQuestion(
                    question().setCompareTo(dev.windrow.query.v1.Comparison.getDefaultInstance())));
    await().atMost(PATIENCE).until(() -> stream.count() == 0);
    append(4, DAY.minusSeconds(1));
    await().atMost(PATIENCE).until(() -> stream.answers().size() == 2);
    assertThat(stream.answers().get(1).getRows(0).getComparedValues(0).getInteger()).isEqualTo(4);
  }

  @Test
  void changeThatTheFilterLeavesOut_isReadAndNotPushed() throws SQLException {
    WatchStream stream = watch(request().setQuestion(question().setFilter("source = other")));
    await().atMost(PATIENCE).until(() -> stream.count() == 0);
    append(1, DAY);
    await().atMost(PATIENCE).until(() -> read() == 2);
    store.writeLive(++batches, List.of(TestEvent.of(micros(DAY), "other", "t", "e")));
    await().atMost(PATIENCE).until(() -> stream.count() == 1);
    assertThat(stream.answers()).hasSize(2);
  }

  @Test
  void burst_isCoalesced_andTheLastPushIsTheWholeOfIt() throws SQLException {
    WatchStream stream = watch(request().setMaxPushesPerSecond(2));
    await().atMost(PATIENCE).until(() -> stream.count() == 0);
    int changes = 60;
    for (int i = 0; i < changes; i++) {
      append(1, DAY.plusSeconds(i));
    }
    await().atMost(PATIENCE).until(() -> stream.count() == changes);
    assertThat(stream.answers().size()).isLessThan(changes / 2);
    List<SummarizeResponse> answers = stream.answers();
    assertThat(answers.get(answers.size() - 1).getRowsList()).isEqualTo(summarize().getRowsList());
  }

  @Test
  void batch_thatCommitsAfterALaterOne_isPushedToo() throws SQLException {
    append(1, DAY);
    WatchStream stream = watch(request());
    await().atMost(PATIENCE).until(() -> stream.count() == 1);
    try (Connection early = harness.database().connect();
        Statement statement = early.createStatement()) {
      early.setAutoCommit(false);
      statement.execute(
          "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
              + " duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at)"
              + " SELECT tenant_id, 100, lane, request_count, event_count, duplicate_count,"
              + " rejected_count, oldest_occurred_at, newest_occurred_at FROM ingest_batches");
      statement.execute("INSERT INTO rollup_deltas SELECT * FROM rollup_deltas");
      append(2, DAY);
      await().atMost(PATIENCE).until(() -> stream.count() == 3);
      early.commit();
    }
    await().atMost(PATIENCE).until(() -> stream.count() == 4);
  }

  @Test
  void newWatcher_ofAKnownQuestion_findsWhatWasAcknowledgedBeforeItsCall() throws Exception {
    harness.close();
    harness = QueryHarness.start(Map.of("WINDROW_WATCH_POLL", "PT1H"));
    store = harness.store();
    WatchStream first = watch(request());
    await().atMost(PATIENCE).until(() -> first.count() == 0);
    append(1, DAY);
    WatchStream second = watch(request());
    await().atMost(PATIENCE).until(() -> !second.answers().isEmpty());
    assertThat(second.answers().get(0).getRows(0).getValues(0).getInteger()).isOne();
    await().atMost(PATIENCE).until(() -> first.count() == 1);
  }

  @Test
  void resume_afterNoChange_isToldByAHeartbeat_andLaterChangesArePushed() throws SQLException {
    append(3, DAY);
    String position = leave(watch(request()), 3);
    append(1, DAY.minusSeconds(1));
    WatchStream resumed = watch(request().setResumePosition(position));
    await().atMost(PATIENCE).until(() -> !resumed.all().isEmpty());
    assertThat(resumed.all().get(0).hasHeartbeat()).isTrue();
    append(1, DAY);
    await().atMost(PATIENCE).until(() -> resumed.count() == 4);
    assertThat(resumed.answers()).hasSize(1);
  }

  @Test
  void resume_afterAChange_isToldItAtOnce() throws SQLException {
    append(3, DAY);
    WatchStream other = watch(request());
    String position = leave(watch(request()), 3);
    append(1, DAY.plusSeconds(3600));
    WatchStream resumed = watch(request().setResumePosition(position));
    await().atMost(PATIENCE).until(() -> !resumed.all().isEmpty());
    assertThat(resumed.all().get(0).getAnswer().getRows(0).getValues(0).getInteger()).isEqualTo(4);
    await().atMost(PATIENCE).until(() -> other.count() == 4);
  }

  @Test
  void resume_fromAHeartbeat_missesNothing() throws SQLException {
    append(3, DAY);
    WatchStream stream = watch(request());
    await().atMost(PATIENCE).until(() -> stream.count() == 3);
    AnswerInfo answered = stream.answers().get(0).getInfo();
    append(1, DAY.minusSeconds(1));
    await()
        .atMost(PATIENCE)
        .until(() -> !newest(stream).getPosition().equals(answered.getPosition()));
    WatchHeartbeat last = newest(stream);
    assertThat(Timestamps.compare(last.getAsOfTime(), answered.getSnapshotTime())).isPositive();
    stream.cancel();

    WatchStream unchanged = watch(request().setResumePosition(last.getPosition()));
    await().atMost(PATIENCE).until(() -> !unchanged.all().isEmpty());
    assertThat(unchanged.all().get(0).hasHeartbeat()).isTrue();
    unchanged.cancel();

    append(1, DAY);
    WatchStream changed = watch(request().setResumePosition(last.getPosition()));
    await().atMost(PATIENCE).until(() -> !changed.all().isEmpty());
    assertThat(changed.count()).isEqualTo(4);
  }

  @Test
  void resume_fromAPositionThatIsNotReachedHere_isToldTheAnswer() throws SQLException {
    append(3, DAY);
    WatchStream resumed =
        watch(request().setResumePosition("900000000000000000:900000000000000000:"));
    await().atMost(PATIENCE).until(() -> !resumed.all().isEmpty());
    assertThat(resumed.count()).isEqualTo(3);
  }

  @Test
  void requests_thatAreWrong_areToldTheField() {
    assertThat(refusal(WatchSummaryRequest.newBuilder()).field()).isEqualTo("window");
    assertThat(refusal(request().setResumePosition("17")).field()).isEqualTo("resume_position");
    assertThat(refusal(request().setQuestion(question().setPosition("7:7:"))).field())
        .isEqualTo("question.position");
    assertThat(refusal(request().setQuestion(question().setPageToken("x"))).field())
        .isEqualTo("question.page_token");
    for (double rate : new double[] {-1, 0.0009, Double.NaN}) {
      assertThat(refusal(request().setMaxPushesPerSecond(rate)).field())
          .isEqualTo("max_pushes_per_second");
    }
  }

  @Test
  void answer_thatIsWorthLessThanRequired_endsTheStream() throws SQLException {
    append(1, DAY);
    Statuses refused =
        refusal(
            request()
                .setQuestion(question().setRequire(Requirements.newBuilder().setMinCoverage(0.5))));
    assertThat(refused.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.reason()).isEqualTo("INCOMPLETE_COVERAGE");
  }

  @Test
  void questionsAndStreams_beyondTheirBounds_areRefused() {
    WatchStream first = watch(request());
    WatchStream second = watch(request().setQuestion(question().setFilter("type = a")));
    await().atMost(PATIENCE).until(() -> first.count() == 0 && second.count() == 0);
    Statuses question = refusal(request().setQuestion(question().setFilter("type = b")));
    assertThat(question.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(question.reason()).isEqualTo("TOO_MANY_WATCHES");
    assertThat(question.metadata()).containsEntry("max_questions", "2");

    WatchStream third = watch(request().setMaxPushesPerSecond(5));
    await().atMost(PATIENCE).until(() -> third.count() == 0);
    Statuses stream = refusal(request());
    assertThat(stream.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(stream.reason()).isEqualTo("TOO_MANY_WATCHERS");

    // Whoever leaves makes room.
    second.cancel();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              WatchStream again = watch(request().setQuestion(question().setFilter("type = b")));
              await().until(() -> !again.all().isEmpty() || again.isOver());
              assertThat(again.count()).isZero();
            });
  }

  // One that says nothing else than the answer, as long as there is none.
  private static WatchHeartbeat newest(WatchStream stream) {
    List<WatchHeartbeat> all = stream.heartbeats();
    return all.isEmpty()
        ? WatchHeartbeat.newBuilder()
            .setPosition(stream.answers().get(0).getInfo().getPosition())
            .build()
        : all.get(all.size() - 1);
  }

  private String leave(WatchStream stream, long count) {
    await().atMost(PATIENCE).until(() -> stream.count() == count);
    stream.cancel();
    return stream.answers().get(0).getInfo().getPosition();
  }

  private WatchStream watch(WatchSummaryRequest.Builder request) {
    return WatchStream.open(harness.channel(), request.build());
  }

  private Statuses refusal(WatchSummaryRequest.Builder request) {
    return Statuses.of(watch(request).error());
  }

  private long read() {
    return harness.server().watchedQuestionsRead();
  }

  private void append(int events, Instant at) throws SQLException {
    store.writeLive(
        ++batches,
        IntStream.range(0, events).mapToObj(i -> TestEvent.of(micros(at), "s", "t", "e")).toList());
  }

  private SummarizeResponse summarize() {
    return harness.client().summarize(question().build());
  }

  private static WatchSummaryRequest.Builder request() {
    return WatchSummaryRequest.newBuilder().setQuestion(question()).setMaxPushesPerSecond(10);
  }

  private static SummarizeRequest.Builder question() {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromSeconds(DAY.getEpochSecond()))
                .setEndTime(Timestamps.fromSeconds(DAY.getEpochSecond() + 86_400)));
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000;
  }
}
