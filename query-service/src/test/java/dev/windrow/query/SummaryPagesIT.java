package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of a summary are together the one answer of the first page's instant. */
class SummaryPagesIT {
  private static final TimeWindow WINDOW =
      window(RandomEvents.START, RandomEvents.START + RandomEvents.DAYS * RandomEvents.DAY);

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
  void pages_whileLateEventsChangeTheOrder_areOneAnswer() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    harness.store().writeCompacted(1, RandomEvents.of(random, 400));
    for (var question :
        List.of(top(), top().setCompareTo(before()), top().setInterval(Interval.INTERVAL_DAY))) {
      checkPages("seed " + seed, question, random);
    }
  }

  private void checkPages(String context, SummarizeRequest.Builder question, Random random)
      throws SQLException {
    SummarizeResponse whole = ask(question.clone());
    assertThat(whole.getNextPageToken()).isEmpty();
    List<SummaryRow> paged = new ArrayList<>();
    Set<String> positions = new HashSet<>();
    String token = "";
    do {
      SummarizeResponse page = ask(question.clone().setPageToken(token).setLimit(6));
      paged.addAll(page.getRowsList());
      assertThat(page.getTotalRowCount()).as(context).isEqualTo(whole.getTotalRowCount());
      positions.add(page.getInfo().getPosition());
      token = page.getNextPageToken();
      upset(random, whole.getRowsList());
    } while (!token.isEmpty());
    // Nothing was written between the whole answer and the first page.
    assertThat(paged).as(context).isEqualTo(whole.getRowsList());
    assertThat(positions).as(context).hasSize(1);
    assertThat(ask(question.clone()).getRowsList()).isNotEqualTo(paged);
  }

  private long batch = 2;

  /** Late events that make the last row the first. */
  private void upset(Random random, List<SummaryRow> rows) throws SQLException {
    String last = rows.get(rows.size() - 1).getGroupOrThrow("entity_id");
    long day = RandomEvents.START + random.nextInt(RandomEvents.DAYS) * RandomEvents.DAY;
    List<TestEvent> late =
        Collections.nCopies(100, TestEvent.of(day + random.nextInt(60_000_000), "s", "t", last));
    harness.store().writeUnfolded(batch++, late);
  }

  @Test
  void firstPage_mayItselfBeOfAPosition() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 300));
    SummarizeResponse whole = ask(top());
    upset(new Random(2), whole.getRowsList());
    var asOf = top().setPosition(whole.getInfo().getPosition());
    SummarizeResponse first = ask(asOf.clone().setLimit(10));
    SummarizeResponse rest = ask(asOf.clone().setPageToken(first.getNextPageToken()));
    assertThat(first.getRowsList()).isEqualTo(whole.getRowsList().subList(0, 10));
    assertThat(rest.getRowsList()).isEqualTo(whole.getRowsList().subList(10, whole.getRowsCount()));
  }

  @Test
  void pageToken_ofAnotherQuestion_isRefused_butThePageSizeMayChange() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 300));
    String token = ask(top().setLimit(3)).getNextPageToken();
    assertThat(ask(top().setLimit(4).setExplain(true).setPageToken(token)).getRowsList())
        .isEqualTo(ask(top()).getRowsList().subList(3, 7));
    for (SummarizeRequest.Builder foreign :
        List.of(
            top().setFilter("type = x"),
            top().setOrderBy("entity_id"),
            top().setCompareTo(before()),
            top().addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM)),
            top().setPosition(ask(top()).getInfo().getPosition()),
            top().setRequire(Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT)))) {
      refused(foreign.setPageToken(token));
    }
    refused(top().setPageToken("AAAA"));
    refused(top().setPageToken("not base64!"));
    refused(top().setPageToken(token + "A"));
  }

  @Test
  void pageToken_ofAListing_isRefused() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 20));
    String token =
        harness
            .client()
            .listEvents(ListEventsRequest.newBuilder().setWindow(WINDOW).setPageSize(1).build())
            .getNextPageToken();
    refused(top().setPageToken(token));
  }

  @Test
  void pages_ofADefinitionThatGotANewVersion_areNotMixed() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 300));
    var rate = top().addMetrics(Metric.newBuilder().setDefinition("error_rate"));
    String token = ask(rate.clone().setLimit(3)).getNextPageToken();
    harness.execute(
        "INSERT INTO metric_definitions (tenant_id, name, version, measure, statuses, description)"
            + " VALUES (1, 'error_rate', 2, 'STATUS_SHARE', '{status-1}', 'other')");
    refused(rate.setPageToken(token));
  }

  @Test
  void require_isJudgedOnTheFirstPage() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 300));
    var fresh = top().setRequire(Requirements.newBuilder().setMaxStaleness(Durations.fromHours(1)));
    String token = ask(fresh.clone().setLimit(3)).getNextPageToken();
    harness.execute("UPDATE ingest_batches SET written_at = now() - interval '2 hours'");
    assertThat(Statuses.of(() -> ask(fresh.clone())).reason()).isEqualTo("STALE_ANSWER");
    assertThat(ask(fresh.setLimit(3).setPageToken(token)).getRowsCount()).isEqualTo(3);
  }

  private void refused(SummarizeRequest.Builder request) {
    Statuses told = Statuses.of(() -> ask(request));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo("page_token");
  }

  private SummarizeResponse ask(SummarizeRequest.Builder request) {
    return harness.client().summarize(request.build());
  }

  private static SummarizeRequest.Builder top() {
    return SummarizeRequest.newBuilder()
        .setWindow(WINDOW)
        .addGroupBy("entity_id")
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(95))
        .setOrderBy("count desc");
  }

  private static Comparison before() {
    return Comparison.newBuilder()
        .setWindow(
            window(
                RandomEvents.START - 90 * RandomEvents.DAY, RandomEvents.START + RandomEvents.DAY))
        .build();
  }

  private static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMicros(from))
        .setEndTime(Timestamps.fromMicros(to))
        .build();
  }
}
