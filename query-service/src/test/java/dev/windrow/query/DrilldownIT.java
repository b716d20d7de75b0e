package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.DrilldownResponse;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of an answer broken down, while events keep coming. */
class DrilldownIT {
  private static final List<String> DIMENSIONS =
      List.of("type", "source", "status", "entity_id", "attributes.region");
  private static final String AWKWARD = "a \"b\" \\ (c) AND ''; --";

  private QueryHarness harness;
  private long batch = 1;

  @BeforeEach
  void start() throws Exception {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void parts_ofEveryRow_addUpToIt_andItIsWhatItWas() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    harness.store().writeCompacted(batch++, RandomEvents.of(random, 300));
    for (SummarizeRequest.Builder question :
        List.of(
            question().addGroupBy("source"),
            question().addGroupBy("type").addGroupBy("status").setInterval(Interval.INTERVAL_DAY),
            question().addGroupBy("attributes.region").setFilter("type = type-1 OR status = \"\""),
            question())) {
      SummarizeResponse answer = harness.client().summarize(question.build());
      for (SummaryRow row : answer.getRowsList().subList(0, Math.min(4, answer.getRowsCount()))) {
        harness.store().writeLive(batch++, RandomEvents.of(random, 30));
        for (String by : DIMENSIONS) {
          if (!question.getGroupByList().contains(by)) {
            String context = "seed " + seed + " " + row.getGroupMap() + " by " + by;
            check(context, row, drill(question, answer, row, by));
          }
        }
      }
    }
  }

  private void check(String context, SummaryRow row, DrilldownResponse drilled) {
    assertThat(drilled.getRow()).as(context).isEqualTo(row);
    List<BigInteger> sums = new ArrayList<>(additive(row));
    sums.replaceAll(sum -> BigInteger.ZERO);
    for (SummaryRow part : drilled.getPartsList()) {
      assertThat(part.getGroupMap()).as(context).containsAllEntriesOf(row.getGroupMap());
      assertThat(part.getGroupMap()).as(context).hasSize(row.getGroupCount() + 1);
      assertThat(part.getWindow()).as(context).isEqualTo(row.getWindow());
      for (int i = 0; i < sums.size(); i++) {
        sums.set(i, sums.get(i).add(additive(part).get(i)));
      }
    }
    assertThat(drilled.getTotalPartCount()).as(context).isEqualTo(drilled.getPartsCount());
    assertThat(sums).as(context).isEqualTo(additive(row));
    checkEvents(context, row, drilled);
  }

  private void checkEvents(String context, SummaryRow row, DrilldownResponse drilled) {
    ListEventsResponse events = events(row, drilled);
    assertThat(events.getEventsList()).as(context).hasSize((int) row.getValues(0).getInteger());
    assertThat(events.getInfo().getPosition()).isEqualTo(drilled.getInfo().getPosition());
  }

  @Test
  void parts_inPages_areOneAnswer() throws SQLException {
    harness.store().writeLive(batch++, RandomEvents.of(new Random(1), 300));
    SummarizeRequest.Builder question = question().addGroupBy("type");
    SummarizeResponse answer = harness.client().summarize(question.build());
    SummaryRow row = answer.getRows(0);
    DrilldownResponse whole = drill(question, answer, row, "entity_id");
    List<SummaryRow> paged = new ArrayList<>();
    String token = "";
    do {
      var request = request(question, answer, row, "entity_id").setLimit(7).setPageToken(token);
      DrilldownResponse page = harness.client().drilldown(request.build());
      paged.addAll(page.getPartsList());
      assertThat(page.getRow()).isEqualTo(row);
      token = page.getNextPageToken();
      harness.store().writeLive(batch++, RandomEvents.of(new Random(batch), 50));
    } while (!token.isEmpty());
    assertThat(paged).isEqualTo(whole.getPartsList()).hasSizeGreaterThan(7);
    var other = request(question, answer, row, "source").setLimit(1);
    String foreign = harness.client().drilldown(other.build()).getNextPageToken();
    refused("page_token", request(question, answer, row, "status").setPageToken(foreign));
  }

  @Test
  void drilldown_withoutAPosition_isOfNow() throws SQLException {
    harness.store().writeLive(batch++, RandomEvents.of(new Random(1), 50));
    harness.store().writeLive(batch++, RandomEvents.of(new Random(2), 50));
    var request = DrilldownRequest.newBuilder().setQuestion(question()).setBy("status");
    DrilldownResponse now = harness.client().drilldown(request.build());
    assertThat(now.getRow().getValues(0).getInteger()).isEqualTo(100);
    assertThat(now.getEventsFilter()).isEmpty();
    harness.store().writeLive(batch++, RandomEvents.of(new Random(3), 50));
    // The position of the question itself will do.
    request.getQuestionBuilder().setPosition(now.getInfo().getPosition());
    DrilldownResponse again = harness.client().drilldown(request.build());
    assertThat(again.getRow()).isEqualTo(now.getRow());
    assertThat(again.getPartsList()).isEqualTo(now.getPartsList());
  }

  @Test
  void eventsFilter_ofAwkwardValues_selectsTheRowsEvents() throws SQLException {
    List<TestEvent> events = new ArrayList<>();
    for (String entity : List.of(AWKWARD, "plain")) {
      for (String attribute : List.of(AWKWARD, "")) {
        events.add(
            new TestEvent(
                RandomEvents.START,
                "s",
                "t",
                entity,
                "",
                null,
                null,
                attribute.isEmpty() ? Map.of() : Map.of(AWKWARD, attribute),
                null));
      }
    }
    harness.store().writeLive(batch++, events);
    var question =
        question().addGroupBy("entity_id").addGroupBy("attributes." + AWKWARD).addGroupBy("status");
    SummarizeResponse answer = harness.client().summarize(question.build());
    assertThat(answer.getRowsList()).hasSize(4);
    for (SummaryRow row : answer.getRowsList()) {
      DrilldownResponse drilled = drill(question, answer, row, "source");
      assertThat(events(row, drilled).getEventsList())
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getEvent().getEntityId())
                      .isEqualTo(row.getGroupOrThrow("entity_id")));
    }
  }

  @Test
  void exactness_ofARow_isThatOfTheAnswer() throws SQLException {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      events.add(TestEvent.of(RandomEvents.START, "s" + i % 2, "t", "e" + i));
    }
    harness.store().writeLive(batch++, events);
    var question =
        question()
            .clearMetrics()
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES));
    var request = DrilldownRequest.newBuilder().setQuestion(question).setBy("source");
    DrilldownResponse drilled = harness.client().drilldown(request.build());
    assertThat(drilled.getParts(0).getValues(0).getInteger()).isEqualTo(350);
    assertThat(drilled.getInfo().getExactness(0).getExactness())
        .isEqualTo(Exactness.EXACTNESS_SKETCH);
    request
        .getQuestionBuilder()
        .setRequire(Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT));
    assertThat(Statuses.of(() -> harness.client().drilldown(request.build())).reason())
        .isEqualTo("INEXACT_METRIC");
  }

  @Test
  void drilldown_withExplain_tellsBothPlans() throws SQLException {
    harness.store().writeCompacted(batch++, RandomEvents.of(new Random(1), 50));
    var request =
        DrilldownRequest.newBuilder().setQuestion(question()).setBy("source").setExplain(true);
    DrilldownResponse drilled = harness.client().drilldown(request.build());
    assertThat(drilled.getRowPlan().getRollup()).isEqualTo("type");
    assertThat(drilled.getPartsPlan().getRollup()).isEqualTo("type,source,status");
  }

  @Test
  void drilldown_thatIsNone_namesTheField() {
    var question = question().addGroupBy("source");
    var good =
        DrilldownRequest.newBuilder().setQuestion(question).putGroup("source", "a").setBy("status");
    refused("question", good.clone().clearQuestion());
    refused("by", good.clone().clearBy());
    refused("by", good.clone().setBy("source"));
    refused("by", good.clone().setBy("kind"));
    refused("group", good.clone().clearGroup());
    refused("group", good.clone().putGroup("type", "a"));
    refused("group", good.clone().putGroup("source", "a\0"));
    refused("group", good.clone().putGroup("source", "a".repeat(2000)));
    refused("limit", good.clone().setLimit(-1));
    refused("order_by", good.clone().setOrderBy("entity_id"));
    refused("position", good.clone().setPosition("7"));
    refused("page_token", good.clone().setPageToken("AAAA"));
    refused("window", good.clone().setWindow(later(question)));
    var daily = question.clone().setInterval(Interval.INTERVAL_DAY);
    refused("window", good.clone().setQuestion(daily));
    refused("window", good.clone().setQuestion(daily).setWindow(question.getWindow()));
    refused("question.filter", good.clone().setQuestion(question.clone().setFilter("(")));
    refused(
        "question.compare_to",
        good.clone().setQuestion(question.clone().setCompareTo(Comparison.getDefaultInstance())));
    refused(
        "question.require.min_coverage",
        good.clone()
            .setQuestion(question.clone().setRequire(Requirements.newBuilder().setMinCoverage(7))));
    refused("question.position", good.clone().setQuestion(question.clone().setPosition("7")));
  }

  private static TimeWindow later(SummarizeRequest.Builder question) {
    TimeWindow.Builder window = question.getWindow().toBuilder();
    window.getStartTimeBuilder().setSeconds(window.getStartTime().getSeconds() + 1);
    return window.build();
  }

  private void refused(String field, DrilldownRequest.Builder request) {
    Statuses told = Statuses.of(() -> harness.client().drilldown(request.build()));
    assertThat(told.code()).as(told.message()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo(field);
  }

  private DrilldownResponse drill(
      SummarizeRequest.Builder question, SummarizeResponse answer, SummaryRow row, String by) {
    return harness.client().drilldown(request(question, answer, row, by).build());
  }

  private static DrilldownRequest.Builder request(
      SummarizeRequest.Builder question, SummarizeResponse answer, SummaryRow row, String by) {
    return DrilldownRequest.newBuilder()
        .setQuestion(question)
        .setPosition(answer.getInfo().getPosition())
        .putAllGroup(row.getGroupMap())
        .setWindow(row.getWindow())
        .setBy(by)
        .setOrderBy("count desc");
  }

  private ListEventsResponse events(SummaryRow row, DrilldownResponse drilled) {
    return harness
        .client()
        .listEvents(
            ListEventsRequest.newBuilder()
                .setWindow(row.getWindow())
                .setFilter(drilled.getEventsFilter())
                .setPosition(drilled.getInfo().getPosition())
                .setPageSize(1000)
                .build());
  }

  /** The count, the sum of amounts, and the counts of the histogram. */
  private static List<BigInteger> additive(SummaryRow row) {
    List<BigInteger> numbers = new ArrayList<>();
    for (MetricValue value : row.getValuesList()) {
      switch (value.getValueCase()) {
        case INTEGER -> numbers.add(BigInteger.valueOf(value.getInteger()));
        case BIG_INTEGER -> numbers.add(new BigInteger(value.getBigInteger()));
        case HISTOGRAM ->
            value.getHistogram().getCountsList().stream()
                .map(BigInteger::valueOf)
                .forEach(numbers::add);
        default -> throw new IllegalArgumentException("not additive: " + value);
      }
    }
    return numbers;
  }

  private static SummarizeRequest.Builder question() {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMicros(RandomEvents.START - 90 * RandomEvents.DAY))
                .setEndTime(Timestamps.fromMicros(RandomEvents.START + 12 * RandomEvents.DAY + 7)))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_AMOUNT_SUM))
        .addMetrics(
            Metric.newBuilder().setMeasure(Measure.MEASURE_HISTOGRAM).addBounds(0).addBounds(100));
  }
}
