package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.StoredEvent;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListEventsIT {
  private static final Comparator<StoredEvent> NEWEST_FIRST =
      Comparator.comparing((StoredEvent e) -> e.getEvent().getOccurredAt(), Timestamps.comparator())
          .thenComparing(StoredEvent::getBatchId)
          .thenComparing(StoredEvent::getBatchIndex)
          .reversed();

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
  void pages_whileEventsArrive_showTheFirstPagesInstant() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int before = 500;
    harness.store().writeLive(1, RandomEvents.of(random, before - 100));
    harness.store().writeLive(2, RandomEvents.of(random, 100));
    List<StoredEvent> listed = new ArrayList<>();
    Set<String> positions = new HashSet<>();
    String token = "";
    long batch = 3;
    do {
      ListEventsResponse page =
          harness.client().listEvents(request().setPageSize(37).setPageToken(token).build());
      listed.addAll(page.getEventsList());
      positions.add(page.getInfo().getPosition());
      token = page.getNextPageToken();
      harness.store().writeLive(batch++, RandomEvents.of(random, 20));
    } while (!token.isEmpty());
    assertThat(listed).as("seed " + seed).hasSize(before);
    assertThat(listed).as("seed " + seed).isSortedAccordingTo(NEWEST_FIRST).doesNotHaveDuplicates();
    assertThat(listed).as("seed " + seed).allMatch(event -> event.getBatchId() <= 2);
    assertThat(positions).as("seed " + seed).hasSize(1);
  }

  @Test
  void pages_whoseFirstSawABatchUnderWay_neverShowIt() throws SQLException {
    harness.store().writeLive(1, at("2001-03-25T10:00:00Z", "2001-03-25T12:00:00Z"));
    try (Connection writer = harness.database().connect()) {
      writer.setAutoCommit(false);
      writer
          .createStatement()
          .execute(
              "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
                  + " duplicate_count, rejected_count) VALUES (1, 9, 0, 1, 1, 0, 0);"
                  + " INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source,"
                  + " type, entity_id, status) VALUES (1, '2001-03-25T11:00:00Z', 9, 0, 's', 't',"
                  + " 'e', '')");
      ListEventsResponse first = harness.client().listEvents(request().setPageSize(1).build());
      writer.commit();
      ListEventsResponse second =
          harness
              .client()
              .listEvents(request().setPageSize(5).setPageToken(first.getNextPageToken()).build());
      assertThat(second.getEventsList()).extracting(StoredEvent::getBatchId).containsExactly(1L);
      assertThat(second.getNextPageToken()).isEmpty();
    }
  }

  @Test
  void events_comeBackAsTheyWereSent() throws SQLException {
    TestEvent full =
        new TestEvent(
            RandomEvents.START + 1,
            "DTW",
            "flight.departed",
            "DTW-LAS",
            "late",
            66.5,
            1750L,
            Map.of("gate", "A \"7\"", "crew", ""),
            "{\"a\": [1, null, {\"b\": true}], \"n\": 0.1}");
    TestEvent bare = TestEvent.of(RandomEvents.START, "DTW", "t", "e");
    harness.store().writeLive(1, List.of(full, bare));
    List<StoredEvent> events = harness.client().listEvents(request().build()).getEventsList();
    Event first = events.get(0).getEvent();
    assertThat(first.getValue()).isEqualTo(66.5);
    assertThat(first.getAmount()).isEqualTo(1750);
    assertThat(first.getAttributesMap()).isEqualTo(Map.of("gate", "A \"7\"", "crew", ""));
    assertThat(first.getPayload().getFieldsOrThrow("n"))
        .isEqualTo(Value.newBuilder().setNumberValue(0.1).build());
    assertThat(Timestamps.toMicros(first.getOccurredAt())).isEqualTo(RandomEvents.START + 1);
    Event second = events.get(1).getEvent();
    assertThat(second)
        .isEqualTo(
            Event.newBuilder()
                .setOccurredAt(Timestamps.fromMicros(RandomEvents.START))
                .setSource("DTW")
                .setType("t")
                .setEntityId("e")
                .build());
    assertThat(second.getPayload()).isEqualTo(Struct.getDefaultInstance());
  }

  @Test
  void events_ofAFilter_areThoseThatItLetsThrough() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 200));
    var request = request().setFilter("attributes.region = \"\" AND NOT source = source-1");
    List<StoredEvent> events =
        harness.client().listEvents(request.setPageSize(5000).build()).getEventsList();
    assertThat(events).isNotEmpty();
    assertThat(events)
        .allMatch(event -> !event.getEvent().containsAttributes("region"))
        .noneMatch(event -> event.getEvent().getSource().equals("source-1"));
  }

  @Test
  void events_ofAnAwkwardAttribute_areFoundByIt() throws SQLException {
    String text = "\\ \" \u00e9 \u202e \uD83D\uDE00 \\u0041";
    TestEvent bare = TestEvent.of(RandomEvents.START, "s", "t", "e");
    TestEvent awkward =
        new TestEvent(
            bare.occurredAtMicros(), "s", "t", "e", "", null, null, Map.of("a", text), null);
    harness.store().writeLive(1, List.of(bare, awkward));
    String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    List<StoredEvent> events =
        harness
            .client()
            .listEvents(request().setFilter("attributes.a = " + quoted).build())
            .getEventsList();
    assertThat(events)
        .extracting(event -> event.getEvent().getAttributesMap())
        .containsExactly(Map.of("a", text));
  }

  @Test
  void events_ofOneEntity_comeFromRunsAndLooseRows() throws SQLException {
    List<TestEvent> events = RandomEvents.of(new Random(1), 400);
    harness.store().writeEvents(1, events.subList(0, 200), true);
    harness.store().writeEvents(2, events.subList(200, 400), false);
    for (String filter : List.of("entity_id = entity-7", "entity_id : (nobody, entity-7)")) {
      assertThat(
              harness
                  .client()
                  .listEvents(request().setFilter(filter).setPageSize(1000).build())
                  .getEventsList())
          .as(filter)
          .hasSize(
              (int) events.stream().filter(event -> event.entityId().equals("entity-7")).count());
    }
  }

  @Test
  void pages_ofLargeEvents_fitAMessage() throws SQLException {
    List<TestEvent> events = new ArrayList<>();
    String payload = "{\"p\": \"" + "x".repeat(60_000) + "\"}";
    for (int i = 0; i < 150; i++) {
      TestEvent bare = TestEvent.of(RandomEvents.START + i, "s", "t", "e");
      events.add(
          new TestEvent(bare.occurredAtMicros(), "s", "t", "e", "", null, null, Map.of(), payload));
    }
    harness.store().writeLive(1, events);
    int listed = 0;
    String token = "";
    do {
      var page =
          harness.client().listEvents(request().setPageSize(1000).setPageToken(token).build());
      listed += page.getEventsCount();
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(150);
  }

  @Test
  void pageToken_ofAnotherListing_isRefused() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 20));
    String token = harness.client().listEvents(request().setPageSize(1).build()).getNextPageToken();
    for (ListEventsRequest.Builder foreign :
        List.of(
            request().setPageToken(token).setFilter("type = x"),
            request().setPageToken(token + "A"),
            request().setPageToken("AAAA"),
            request().setPageToken("not base64!"),
            request().setPageToken(token.substring(0, token.length() - 4) + "AAAA"))) {
      Statuses told = Statuses.of(() -> harness.client().listEvents(foreign.build()));
      assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(told.field()).isEqualTo("page_token");
    }
  }

  @Test
  void pageSize_negative_isRefused() {
    Statuses told =
        Statuses.of(() -> harness.client().listEvents(request().setPageSize(-1).build()));
    assertThat(told.field()).isEqualTo("page_size");
  }

  @Test
  void pageSize_zeroOrTooLarge_isCoerced() throws SQLException {
    harness.store().writeLive(1, RandomEvents.of(new Random(1), 1500));
    assertThat(harness.client().listEvents(request().build()).getEventsCount()).isEqualTo(100);
    assertThat(harness.client().listEvents(request().setPageSize(9999).build()).getEventsCount())
        .isEqualTo(1000);
  }

  private static List<TestEvent> at(String... times) {
    List<TestEvent> events = new ArrayList<>();
    for (String time : times) {
      events.add(TestEvent.of(Instant.parse(time).getEpochSecond() * 1_000_000, "s", "t", "e"));
    }
    return events;
  }

  private static ListEventsRequest.Builder request() {
    return ListEventsRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(0))
                .setEndTime(
                    Timestamps.fromMillis(Instant.parse("9999-01-01T00:00:00Z").toEpochMilli())));
  }
}
