package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.MissingInterval;
import dev.windrow.query.v1.MissingReason;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SourceWatermark;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers tell what their window is declared to be complete up to. */
class CompletenessIT {
  private static final String SIX = "2001-01-01T06:00:00Z";
  private static final String NINE = "2001-01-01T09:00:00Z";
  private static final String NOON = "2001-01-01T12:00:00Z";

  private QueryHarness harness;

  @BeforeEach
  void start() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void answer_whereNobodyDeclares_saysNothing() throws SQLException {
    harness.store().writeLive(1, List.of(event(SIX)));
    AnswerInfo info = summarize(SIX, NOON);
    assertThat(info.hasCoverage()).isFalse();
    assertThat(info.getFreshness().getSourceWatermarksList()).isEmpty();
    assertThat(info.getFreshness().getUnlistedSourceCount()).isZero();
  }

  @Test
  void watermark_ofASource_isTheLeastOfItsProducers() throws SQLException {
    harness.store().declare("b", "p1", Instant.parse(NOON));
    harness.store().declare("b", "p2", Instant.parse(NINE));
    harness.store().declare("A", "p1", Instant.parse(NOON));
    harness.store().declare("a", "p1", Instant.parse(NOON));
    harness.execute(
        "UPDATE source_watermarks SET declared_at = '2001-02-03T04:05:06.000007Z'"
            + " WHERE producer_id = 'p2'");
    AnswerInfo info = summarize(SIX, NOON);
    List<SourceWatermark> watermarks = info.getFreshness().getSourceWatermarksList();
    assertThat(watermarks).extracting(SourceWatermark::getSource).containsExactly("A", "a", "b");
    assertThat(Timestamps.toString(watermarks.get(2).getCompleteUntil())).isEqualTo(NINE);
    assertThat(Timestamps.toString(watermarks.get(2).getDeclaredTime()))
        .isEqualTo("2001-02-03T04:05:06.000007Z");
    assertThat(watermarks.get(0).getDeclaredTime().getSeconds())
        .isGreaterThan(Instant.parse("2020-01-01T00:00:00Z").getEpochSecond());
    assertThat(info.getCoverage().getShare()).isEqualTo(0.5);
    assertThat(info.getCoverage().getMissingList())
        .containsExactly(
            MissingInterval.newBuilder()
                .setWindow(window(NINE, NOON))
                .setReason(MissingReason.MISSING_REASON_AFTER_WATERMARK)
                .setSource("b")
                .build());
  }

  @Test
  void watermarks_beyondTheFirstHundred_areCountedAndStillJudged() throws SQLException {
    harness.execute(
        "INSERT INTO source_watermarks (tenant_id, source, producer_id, complete_until, batch_id)"
            + " SELECT 1, 's' || to_char(n, 'FM000'), 'p', '2001-01-01T12:00:00Z', 1"
            + " FROM generate_series(1, 102) n");
    harness.store().declare("the last by name", "p", Instant.parse(NINE));
    AnswerInfo info = summarize(SIX, NOON);
    List<SourceWatermark> listed = info.getFreshness().getSourceWatermarksList();
    assertThat(listed).hasSize(100);
    assertThat(listed.get(99).getSource()).isEqualTo("s100");
    assertThat(info.getFreshness().getUnlistedSourceCount()).isEqualTo(3);
    assertThat(info.getCoverage().getMissing(0).getSource()).isEqualTo("the last by name");
  }

  @Test
  void watermarks_ofVeryManySources_areCountedUpToABound() {
    harness.execute(
        "INSERT INTO source_watermarks (tenant_id, source, producer_id, complete_until, batch_id)"
            + " SELECT 1, 's' || n, 'p', now(), 1 FROM generate_series(1, 250) n");
    assertThat(summarize(SIX, NOON).getFreshness().getUnlistedSourceCount()).isEqualTo(100);
  }

  @Test
  void watermarks_ofOtherTenants_sayNothingHere() {
    harness.execute(
        "INSERT INTO tenants (tenant_id, name) VALUES (2, 'other');"
            + "INSERT INTO source_watermarks (tenant_id, source, producer_id, complete_until,"
            + " batch_id) VALUES (2, 's', 'p', now(), 1)");
    assertThat(summarize(SIX, NOON).hasCoverage()).isFalse();
  }

  @Test
  void coverage_ofAWindowThatGoesOn_endsAtTheSnapshot() throws SQLException {
    harness.store().declare("s", "p", Instant.parse("9000-01-01T00:00:00Z"));
    AnswerInfo info = summarize(SIX, "9000-01-01T00:00:00Z");
    assertThat(info.getCoverage().getShare()).isBetween(0.0, 0.1);
    assertThat(info.getCoverage().getMissingList())
        .containsExactly(
            MissingInterval.newBuilder()
                .setWindow(
                    window(SIX, "9000-01-01T00:00:00Z").toBuilder()
                        .setStartTime(info.getSnapshotTime()))
                .setReason(MissingReason.MISSING_REASON_FUTURE)
                .build());
  }

  @Test
  void listing_saysOnItsFirstPageWhatIsComplete() throws SQLException {
    harness.store().writeLive(1, List.of(event(SIX), event(SIX), event(SIX)));
    harness.store().declare("s", "p", Instant.parse(NOON));
    ListEventsResponse first = list(listing().build());
    assertThat(first.getInfo().getCoverage().getShare()).isOne();
    assertThat(first.getInfo().getFreshness().getSourceWatermarksCount()).isOne();
    ListEventsResponse second = list(listing().setPageToken(first.getNextPageToken()).build());
    assertThat(second.getEventsCount()).isOne();
    assertThat(second.getInfo().hasCoverage()).isFalse();
    assertThat(second.getInfo().getFreshness().getSourceWatermarksList()).isEmpty();
  }

  @Test
  void listing_thatCannotBeWhatIsRequired_isRefused() throws SQLException {
    harness.store().writeLive(1, List.of(event(SIX)));
    for (var refused :
        Map.of(
                "INCOMPLETE_COVERAGE", Requirements.newBuilder().setMinCoverage(1),
                "POSITION_NOT_REACHED", Requirements.newBuilder().setMinPosition("2"))
            .entrySet()) {
      Statuses told = Statuses.of(() -> list(listing().setRequire(refused.getValue()).build()));
      assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(told.reason()).isEqualTo(refused.getKey());
    }
  }

  @Test
  void listing_isJudgedOnItsFirstPage_whichLaterOnesBelongTo() throws SQLException {
    harness.store().writeLive(1, List.of(event(SIX), event(SIX), event(SIX)));
    var fresh = Requirements.newBuilder().setMaxStaleness(Durations.fromMinutes(1));
    String token = list(listing().setRequire(fresh).build()).getNextPageToken();
    harness.execute("UPDATE ingest_batches SET written_at = now() - interval '1 hour'");
    assertThat(list(listing().setRequire(fresh).setPageToken(token).build()).getEventsCount())
        .isOne();

    var other = Requirements.newBuilder().setMinPosition("1");
    for (var request : List.of(listing(), listing().setRequire(other))) {
      Statuses told = Statuses.of(() -> list(request.setPageToken(token).build()));
      assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(told.field()).isEqualTo("page_token");
    }
  }

  private AnswerInfo summarize(String from, String to) {
    return harness
        .client()
        .summarize(SummarizeRequest.newBuilder().setWindow(window(from, to)).build())
        .getInfo();
  }

  private ListEventsResponse list(ListEventsRequest request) {
    return harness.client().listEvents(request);
  }

  private static ListEventsRequest.Builder listing() {
    return ListEventsRequest.newBuilder().setWindow(window(SIX, NOON)).setPageSize(2);
  }

  private static TestEvent event(String time) {
    return TestEvent.of(Instant.parse(time).getEpochSecond() * 1_000_000, "s", "t", "e");
  }

  private static TimeWindow window(String from, String to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMillis(Instant.parse(from).toEpochMilli()))
        .setEndTime(Timestamps.fromMillis(Instant.parse(to).toEpochMilli()))
        .build();
  }
}
