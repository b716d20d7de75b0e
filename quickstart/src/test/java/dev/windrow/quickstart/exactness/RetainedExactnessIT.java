package dev.windrow.quickstart.exactness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.quickstart.testing.Client;
import dev.windrow.runtime.config.Settings;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/**
 * While retention lets days of events go under those who ask: every answer is that of brute force
 * over all events that were ever acknowledged, for the part of its window that it says it is about.
 */
class RetainedExactnessIT {
  private static final int ASKERS = 3;
  private static final int EVENTS = 3_000;
  private static final int BATCH = 500;
  private static final int QUESTIONS_AFTERWARDS = 40;
  private static final long DAY = Duration.ofDays(1).toSeconds() * 1_000_000;
  private static final int DAYS = 8;
  private static final int KEPT_DAYS = 2;
  private static final List<Measure> MEASURES =
      List.of(
          Measure.MEASURE_COUNT,
          Measure.MEASURE_SUM,
          Measure.MEASURE_MIN,
          Measure.MEASURE_MAX,
          Measure.MEASURE_AMOUNT_SUM,
          Measure.MEASURE_DISTINCT_ENTITIES);
  private static final List<List<String>> GROUPS =
      List.of(
          List.of(),
          List.of("source", "status"),
          List.of("entity_id"),
          List.of("attributes.region"));

  private final long now = Timestamps.toMicros(Timestamps.fromMillis(Instant.now().toEpochMilli()));
  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger snapped = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @RepeatedTest(3)
  void answers_areExact_whileEventsGo() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    try (TestDatabase database = TestDatabase.create()) {
      List<Event> events = load(database, new Random(seed));
      try (QueryServer query =
          new QueryServer(QueryConfig.from(new Settings(database.settings())))) {
        query.start();
        try (Client client = Client.of(query)) {
          ask(database, client, events, seed);
        }
      }
    }
    System.out.printf(
        "retention: whole=%s snapped=%s refused=%s mismatches=0 seed=%d%n",
        whole, snapped, refused, seed);
    assertThat(whole.get()).as("answers about all of their window").isPositive();
    assertThat(snapped.get()).as("answers about a part of their window").isPositive();
  }

  private void ask(TestDatabase database, Client client, List<Event> events, long seed)
      throws Exception {
    AtomicBoolean gone = new AtomicBoolean();
    List<CompletableFuture<Void>> askers = new ArrayList<>();
    for (int i = 0; i < ASKERS; i++) {
      Random random = new Random(seed + i);
      askers.add(
          CompletableFuture.runAsync(
              () -> {
                int afterwards = 0;
                while (afterwards < QUESTIONS_AFTERWARDS) {
                  afterwards += gone.get() ? 1 : 0;
                  check(client, question(random), events, seed);
                }
              },
              task -> new Thread(task).start()));
    }
    try (IngestServer retaining = new IngestServer(IngestConfig.from(retaining(database)))) {
      retaining.start();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> number(database, ATTACHED) <= KEPT_DAYS + 2 || failed(askers));
      gone.set(true);
      for (CompletableFuture<Void> asker : askers) {
        asker.get(2, TimeUnit.MINUTES);
      }
    } finally {
      gone.set(true);
    }
  }

  private static final String ATTACHED =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass";

  private static boolean failed(List<CompletableFuture<Void>> askers) {
    return askers.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
  }

  private void check(Client client, SummarizeRequest request, List<Event> events, long seed) {
    SummarizeResponse answer;
    try {
      answer =
          QueryServiceGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .summarize(request);
    } catch (StatusRuntimeException e) {
      assertThat(String.valueOf(StatusProto.fromThrowable(e)))
          .as("seed %d: %s", seed, request)
          .contains("WINDOW_NOT_KEPT");
      refused.incrementAndGet();
      return;
    }
    TimeWindow told = answer.getInfo().getEffectiveWindow();
    (told.equals(request.getWindow()) ? whole : snapped).incrementAndGet();
    SummarizeRequest part = request.toBuilder().setWindow(told).build();
    assertThat(OracleInMemory.answered(part, answer.getRowsList()))
        .as("seed %d: %s answered for %s", seed, request, told)
        .isEqualTo(OracleInMemory.rows(part, events));
  }

  private SummarizeRequest question(Random random) {
    long a = now - random.nextLong(DAYS * DAY);
    long b = now - random.nextLong(DAYS * DAY);
    long grid = List.of(1L, 60_000_000L, DAY / 24, DAY).get(random.nextInt(4));
    long from = Math.min(a, b) / grid * grid;
    long to = Math.max(from, Math.max(a, b) / grid * grid);
    Interval interval =
        switch (random.nextInt(3)) {
          case 0 -> Interval.INTERVAL_UNSPECIFIED;
          case 1 -> Interval.INTERVAL_DAY;
          default -> Interval.INTERVAL_HOUR;
        };
    SummarizeRequest.Builder request =
        SummarizeRequest.newBuilder()
            .setWindow(
                TimeWindow.newBuilder()
                    .setStartTime(Timestamps.fromMicros(from))
                    .setEndTime(Timestamps.fromMicros(to)))
            .addAllGroupBy(GROUPS.get(random.nextInt(GROUPS.size())))
            .setInterval(interval)
            .setLimit(10_000);
    MEASURES.forEach(measure -> request.addMetrics(Metric.newBuilder().setMeasure(measure)));
    return request.build();
  }

  /** All events, compacted, by a service that keeps everything. */
  private List<Event> load(TestDatabase database, Random random) throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(event(random));
    }
    try (IngestServer keeping = new IngestServer(IngestConfig.from(keeping(database)))) {
      keeping.start();
      try (Client client = Client.of(keeping)) {
        for (int i = 0; i < EVENTS; i += BATCH) {
          IngestServiceGrpc.newBlockingStub(client.channel())
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .append(
                  AppendRequest.newBuilder().addAllEvents(events.subList(i, i + BATCH)).build());
        }
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  number(
                          database,
                          "SELECT (SELECT count(*) FROM rollup_deltas)"
                              + " + (SELECT count(*) FROM unfolded_batches)")
                      == 0);
    }
    return events;
  }

  private Event event(Random random) {
    Timestamp at = Timestamps.fromMicros(now - 1 - random.nextLong(DAYS * DAY));
    Event.Builder event =
        Event.newBuilder()
            .setOccurredAt(at)
            .setSource("s" + random.nextInt(3))
            .setType("t")
            .setEntityId("e" + random.nextInt(20))
            .setStatus(random.nextInt(3) == 0 ? "" : "ok")
            .setValue(random.nextInt(1 << 20) / 8.0)
            .setAmount(random.nextInt(10_000));
    return random.nextBoolean() ? event.build() : event.putAttributes("region", "r").build();
  }

  private static Settings keeping(TestDatabase database) {
    Map<String, String> settings = settings(database);
    for (String tier : List.of("RAW", "MINUTE", "HOUR", "DAY")) {
      settings.put("WINDROW_RETENTION_" + tier, "PT0S");
    }
    return new Settings(settings);
  }

  private static Settings retaining(TestDatabase database) {
    Map<String, String> settings = settings(database);
    for (String tier : List.of("RAW", "MINUTE", "HOUR")) {
      settings.put("WINDROW_RETENTION_" + tier, "P" + KEPT_DAYS + "D");
    }
    settings.put("WINDROW_RETENTION_GRACE", "PT0S");
    settings.put("WINDROW_RETENTION_PAUSE", "PT0.02S");
    return new Settings(settings);
  }

  private static Map<String, String> settings(TestDatabase database) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_COMPACTION_PAUSE", "PT0.02S");
    settings.put("WINDROW_UNFOLDED_TIME", "PT0.1S");
    return settings;
  }

  private static long number(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
