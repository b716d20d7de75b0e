package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.testing.QueryProcess;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R7, and a million groups: a process of 256 MiB of heap, with a million events to tell of.
 */
@Tag("minutes")
class SlowReadersIT {
  private static final int EVENTS = Integer.getInteger("windrow.test.listed.events", 1_000_000);
  private static final int PAGES = Integer.getInteger("windrow.test.listed.pages", 500);
  private static final int PAGE_SIZE = 1_000;
  private static final int READERS = 16;
  private static final long MAX_GROWTH = 64L << 20;

  // As many as a server takes on one connection, each with a page of 3 MiB.
  private static final int MOST_CALLS = 100;
  private static final TimeWindow MILLION = day("2001-01-01");
  private static final TimeWindow LARGE = day("2001-02-01");

  private static TestDatabase database;
  private static QueryProcess process;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create();
    write();
    process = QueryProcess.start(database, "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
  }

  @AfterAll
  static void stop() {
    process.close();
    database.close();
  }

  @Test
  void pages_thatLieUnread_doNotPileUp() throws Exception {
    List<PageReader> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(new PageReader(process.channel(), MILLION, PAGE_SIZE));
    }
    long early = 0;
    long late = 0;
    long events = 0;
    readers.forEach(PageReader::ask);
    for (int page = 0; page < PAGES; page++) {
      // Each page lies unread while those of the others are asked for.
      PageReader reader = readers.get(page % READERS);
      events += reader.read();
      reader.ask();
      long resident = process.residentBytes();
      if (page < PAGES / 5) {
        early = Math.max(early, resident);
      } else {
        late = Math.max(late, resident);
      }
    }
    System.out.printf(
        "R7 pages=%d events=%d unread=%d heap=256MiB rss_early=%dMiB rss_late=%dMiB%n",
        PAGES, events, READERS, early >> 20, late >> 20);
    assertThat(events).isEqualTo((long) PAGES * PAGE_SIZE);
    assertThat(late - early).isLessThanOrEqualTo(MAX_GROWTH);
  }

  @Test
  void largePages_thatLieUnread_areBounded_andLeaveRoomForOthers() throws Exception {
    List<PageReader> readers = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < MOST_CALLS; i++) {
      PageReader reader = new PageReader(process.channel(), LARGE, PAGE_SIZE);
      reader.ask();
      Status told = reader.awaitBegun();
      if (told.isOk()) {
        readers.add(reader);
      } else {
        assertThat(told.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        refused++;
      }
    }
    long resident = process.residentBytes();
    ManagedChannel other = process.connect();
    var few = SummarizeRequest.newBuilder().setWindow(LARGE).build();
    assertThat(client(other).summarize(few).getRowsCount()).isOne();
    other.shutdownNow();
    for (PageReader reader : readers) {
      assertThat(reader.read()).isPositive();
    }
    System.out.printf(
        "R7 large_pages=%d heap=256MiB unread=%d refused=%d rss=%dMiB%n",
        MOST_CALLS, readers.size(), refused, resident >> 20);
    assertThat(readers).hasSizeGreaterThan(10);
    assertThat(refused).isPositive();
    // What was read makes room again.
    PageReader next = new PageReader(process.channel(), LARGE, PAGE_SIZE);
    next.ask();
    assertThat(next.read()).isPositive();
  }

  @Test
  void aMillionGroups_areTooMany_andTheNextQuestionIsAnswered() {
    var request =
        SummarizeRequest.newBuilder()
            .setWindow(MILLION)
            .addGroupBy("attributes.n")
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
            .addMetrics(
                Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(95))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES))
            .build();
    Statuses told = Statuses.of(() -> client(process.channel()).summarize(request));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("TOO_MANY_GROUPS");
    assertThat(told.metadata()).containsEntry("max_groups", "200000");
    System.out.printf("groups=%d refused=%s%n", EVENTS, told.metadata());
    var few = request.toBuilder().clearGroupBy().addGroupBy("attributes.text").build();
    assertThat(client(process.channel()).summarize(few).getRows(0).getValuesCount()).isEqualTo(3);
  }

  private static QueryServiceGrpc.QueryServiceBlockingStub client(Channel channel) {
    return QueryServiceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.MINUTES);
  }

  /** A day of events in runs, each of another entity and with another attribute. */
  private static void write() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT ensure_event_runs('{2001-01-01,2001-02-01}')");
      statement.execute(
          "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
              + " duplicate_count, rejected_count, newest_occurred_at)"
              + " VALUES (1, 1, 0, 1, "
              + EVENTS
              + ", 0, 0, '2001-01-01T23:59:59Z')");
      statement.execute(
          "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
              + " entity_id, status, value, amount, attributes, run)"
              + " SELECT 1, timestamptz '2001-01-01T00:00:00Z' + i * interval '86399 s' / "
              + EVENTS
              + ", 1, i, 's' || i % 5, 'seen', 'entity-' || i, 'ok', i % 1000, i,"
              + " json_build_object('n', 'n' || i, 'text', repeat('x', 100)), true"
              + " FROM generate_series(0, "
              + (EVENTS - 1)
              + ") AS i");
      statement.execute(
          "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
              + " entity_id, status, payload, run)"
              + " SELECT 1, timestamptz '2001-02-01T00:00:00Z' + i * interval '1 ms', 1, "
              + EVENTS
              + " + i, 's', 'large', 'e', '', json_build_object('text', repeat('x', 60000)), true"
              + " FROM generate_series(1, 200) AS i");
      statement.execute("SELECT summarize_event_days('{2001-01-01,2001-02-01}')");
    }
  }

  private static TimeWindow day(String text) {
    long start = Instant.parse(text + "T00:00:00Z").getEpochSecond();
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromSeconds(start))
        .setEndTime(Timestamps.fromSeconds(start + 86_400))
        .build();
  }
}
