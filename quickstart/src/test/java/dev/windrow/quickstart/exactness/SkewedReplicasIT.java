package dev.windrow.quickstart.exactness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.quickstart.testing.Client;
import dev.windrow.runtime.config.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Of two replicas of ingest-service one has a clock that is minutes wrong. That decides which
 * events it takes at the edges, of which it tells; and nothing else: no answer, no lease, no
 * retention. Query-service has no clock of its own, which ArchitectureTest sees to.
 */
class SkewedReplicasIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration MAX_FUTURE = Duration.ofMinutes(10);
  private static final int REQUESTS = 30;
  private static final int BATCH = 20;
  // As AdvisoryLock has that of compaction, and the one tenant.
  private static final String COMPACTION = "x'57490002'::integer, 1";
  private static final List<Measure> MEASURES =
      List.of(
          Measure.MEASURE_COUNT,
          Measure.MEASURE_SUM,
          Measure.MEASURE_MIN,
          Measure.MEASURE_MAX,
          Measure.MEASURE_AMOUNT_SUM,
          Measure.MEASURE_DISTINCT_ENTITIES);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
  private final long seed = Long.getLong("windrow.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Event> stored = new ArrayList<>();

  // The retention of the day before yesterday ends in five minutes, or has ended five minutes ago:
  // for a clock that is ten minutes fast, or slow, it is the other way round.
  private final Instant today =
      now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();

  @ParameterizedTest
  @ValueSource(ints = {10, -10})
  void clockOfAReplica_changesNoAnswer(int minutes) throws Exception {
    Clock wrongClock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
    try (TestDatabase database = TestDatabase.create()) {
      load(database);
      String begun = text(database, "SELECT clock_timestamp()");
      String lastBatch = text(database, "SELECT max(batch_id) FROM ingest_batches");
      Settings settings = retaining(database, minutes);
      try (IngestServer right = new IngestServer(IngestConfig.from(settings));
          IngestServer wrong = new IngestServer(IngestConfig.from(settings), wrongClock);
          QueryServer one = new QueryServer(QueryConfig.from(new Settings(database.settings())));
          QueryServer two = new QueryServer(QueryConfig.from(new Settings(database.settings())))) {
        right.start();
        wrong.start();
        one.start();
        two.start();
        try (Client toRight = Client.of(right);
            Client toWrong = Client.of(wrong);
            Client toOne = Client.of(one);
            Client toTwo = Client.of(two)) {
          appendInTurns(toRight, toWrong);
          checkEdges(toRight, toWrong, minutes);
          checkAnswers(toOne, toTwo);
          checkReport(database, toOne);
          checkReport(database, toTwo);
          checkLease(database);
          checkRetention(database, minutes);
          checkAnswers(toOne, toTwo);
          checkStoredTimes(database, begun, lastBatch);
        }
      }
    }
  }

  // Whoever goes from one replica to the other is told the same of what it has sent.
  private void appendInTurns(Client right, Client wrong) {
    for (int i = 0; i < REQUESTS; i++) {
      AppendRequest.Builder request =
          AppendRequest.newBuilder().setProducerId("p").setSequence(i + 1);
      for (int n = 0; n < BATCH; n++) {
        request.addEvents(event(now.minusMillis(1 + random.nextInt(3_600_000))));
      }
      AppendResponse first = append(i % 2 == 0 ? right : wrong, request.build());
      assertThat(first.getStoredCount()).as("seed %d", seed).isEqualTo(BATCH);
      stored.addAll(request.getEventsList());
      AppendResponse again = append(i % 2 == 0 ? wrong : right, request.build());
      assertThat(again.getDuplicateRequest()).as("seed %d", seed).isTrue();
    }
  }

  private void checkEdges(Client right, Client wrong, int minutes) {
    // By five minutes within and beyond what each clock allows.
    for (int off : List.of(-5, 5)) {
      Duration ahead = MAX_FUTURE.plusMinutes(off);
      assertThat(isTaken(right, now.plus(ahead))).as("%s ahead", ahead).isEqualTo(off < 0);
      Duration further = ahead.plusMinutes(minutes);
      assertThat(isTaken(wrong, now.plus(further))).as("%s ahead", further).isEqualTo(off < 0);
    }
  }

  private boolean isTaken(Client client, Instant at) {
    Event event = event(at);
    AppendResponse told = append(client, AppendRequest.newBuilder().addEvents(event).build());
    assertThat(told.getStoredCount() + told.getRejectionsCount()).isEqualTo(1);
    assertThat(told.getRejectionsList())
        .extracting(rejection -> rejection.getReason().name())
        .allMatch("REJECTION_REASON_TOO_FAR_IN_FUTURE"::equals);
    if (told.getStoredCount() == 1) {
      stored.add(event);
    }
    return told.getRejectionsList().stream().map(Rejection::getIndex).findAny().isEmpty();
  }

  private void checkAnswers(Client one, Client two) {
    for (Interval interval : List.of(Interval.INTERVAL_UNSPECIFIED, Interval.INTERVAL_HOUR)) {
      for (List<String> groups : List.of(List.<String>of(), List.of("source", "status"))) {
        SummarizeRequest.Builder request =
            SummarizeRequest.newBuilder()
                .setWindow(
                    TimeWindow.newBuilder()
                        .setStartTime(
                            Timestamps.fromMillis(today.minus(Duration.ofDays(3)).toEpochMilli()))
                        .setEndTime(Timestamps.fromMillis(now.plusSeconds(3_600).toEpochMilli())))
                .setInterval(interval)
                .addAllGroupBy(groups)
                .setRequire(Requirements.newBuilder().setMaxStaleness(Durations.fromMinutes(5)))
                .setLimit(10_000);
        MEASURES.forEach(measure -> request.addMetrics(Metric.newBuilder().setMeasure(measure)));
        SummarizeRequest question = request.build();
        SummarizeResponse first = query(one).summarize(question);
        SummarizeResponse second = query(two).summarize(question);
        assertThat(first.getRowsList()).as("seed %d", seed).isEqualTo(second.getRowsList());
        SummarizeRequest told =
            question.toBuilder().setWindow(first.getInfo().getEffectiveWindow()).build();
        assertThat(told.getWindow()).as("seed %d", seed).isEqualTo(question.getWindow());
        assertThat(OracleInMemory.answered(told, first.getRowsList()))
            .as("seed %d", seed)
            .isEqualTo(OracleInMemory.rows(told, stored));
      }
    }
  }

  private static void checkReport(TestDatabase database, Client client) throws SQLException {
    long before = micros(database);
    RunReportResponse report =
        query(client).runReport(RunReportRequest.newBuilder().setReport("status-counts").build());
    assertThat(Timestamps.toMicros(report.getReadTime())).isBetween(before, micros(database));
    assertThat(report.getInfo().getEffectiveWindow().getEndTime()).isEqualTo(report.getReadTime());
  }

  // A job that lasts for several renewals of its lease; meanwhile the other replica looks for jobs.
  private static void checkLease(TestDatabase database) throws SQLException {
    String lease = "SELECT coalesce(max(lease_until)::text, '') FROM jobs";
    try (Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(" + COMPACTION + ")");
      execute(
          database,
          "INSERT INTO jobs (tenant_id, kind, spec) VALUES (1, 'recompute', '{\"recompute\": {\"window\":"
              + " {\"startTime\": \"1990-01-01T00:00:00Z\", \"endTime\": \"2100-01-01T00:00:00Z\"}}}')");
      for (int renewals = 0; renewals < 3; renewals++) {
        String before = text(database, lease);
        await().atMost(PATIENCE).until(() -> !text(database, lease).equals(before));
      }
      holder.rollback();
    }
    String state = "SELECT state || ' ' || attempt FROM jobs";
    await().atMost(PATIENCE).until(() -> !text(database, state).startsWith("RUNNING"));
    assertThat(text(database, state)).isEqualTo("SUCCEEDED 1");
  }

  private void checkRetention(TestDatabase database, int minutes) throws SQLException {
    String horizon =
        "SELECT coalesce(max(from_at)::text, '') FROM retention_horizons WHERE tier = 'raw'";
    Instant due = minutes > 0 ? today.minus(Duration.ofDays(2)) : today.minus(Duration.ofDays(1));
    String expected = text(database, "SELECT '" + due + "'::timestamptz::text");
    // Some rounds, of whichever replica, are over when what is due has been dropped.
    String left =
        "SELECT count(*) FROM pg_class WHERE relname ~ '^events_\\d{8}$' AND to_date(right(relname, 8), 'YYYYMMDD') < '%s'"
            .formatted(due.atOffset(ZoneOffset.UTC).toLocalDate());
    await().atMost(PATIENCE).until(() -> text(database, left).equals("0"));
    assertThat(text(database, horizon)).isEqualTo(expected);
  }

  /** Whatever replicas have written a time of is by the database's clock. */
  private static void checkStoredTimes(TestDatabase database, String begun, String lastBatch)
      throws SQLException {
    for (String column :
        List.of(
            "written_at FROM ingest_batches",
            "declared_at FROM source_watermarks",
            "noted_at FROM unfolded_batches",
            "updated_at FROM producers",
            "moved_at FROM retention_horizons",
            "ended_at FROM recompute_runs",
            "recorded_at FROM audit_entries",
            "started_at FROM jobs",
            "ended_at FROM jobs")) {
      assertThat(
              text(
                  database,
                  "SELECT count(*) FROM (SELECT %s) AS told (at) WHERE at > clock_timestamp()"
                      .formatted(column)))
          .as(column)
          .isEqualTo("0");
    }
    assertThat(
            text(
                database,
                "SELECT count(*) FROM ingest_batches WHERE batch_id > %s AND written_at < '%s'"
                    .formatted(lastBatch, begun)))
        .isEqualTo("0");
  }

  private Event event(Instant at) {
    return Event.newBuilder()
        .setOccurredAt(Timestamps.fromNanos(at.getEpochSecond() * 1_000_000_000L + at.getNano()))
        .setSource("s" + random.nextInt(3))
        .setType("t")
        .setEntityId("e" + random.nextInt(20))
        .setStatus(random.nextInt(3) == 0 ? "" : "ok")
        .setValue(random.nextInt(1 << 20) / 8.0)
        .setAmount(random.nextInt(10_000))
        .build();
  }

  private static AppendResponse append(Client client, AppendRequest request) {
    return IngestServiceGrpc.newBlockingStub(client.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .append(request);
  }

  private static QueryServiceGrpc.QueryServiceBlockingStub query(Client client) {
    return QueryServiceGrpc.newBlockingStub(client.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** Three days of the past, compacted, by a service that keeps everything. */
  private void load(TestDatabase database) throws Exception {
    Map<String, String> settings = settings(database);
    settings.put("WINDROW_RETENTION_RAW", "PT0S");
    try (IngestServer keeping = new IngestServer(IngestConfig.from(new Settings(settings)))) {
      keeping.start();
      try (Client client = Client.of(keeping)) {
        AppendRequest.Builder request = AppendRequest.newBuilder();
        for (int i = 0; i < 300; i++) {
          request.addEvents(event(today.minusMillis(1 + random.nextInt(3 * 86_400_000))));
        }
        assertThat(append(client, request.build()).getStoredCount()).isEqualTo(300);
        stored.addAll(request.getEventsList());
      }
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  text(
                          database,
                          "SELECT (SELECT count(*) FROM rollup_deltas)"
                              + " + (SELECT count(*) FROM unfolded_batches)")
                      .equals("0"));
    }
  }

  private Settings retaining(TestDatabase database, int minutes) {
    Map<String, String> settings = settings(database);
    // What ended an hour more than that ago is due: the day before yesterday is five minutes before
    // or after that.
    Duration age =
        Duration.between(today.minus(Duration.ofDays(1)), now)
            .minusHours(1)
            .plusMinutes(minutes / 2);
    settings.put("WINDROW_RETENTION_RAW", age.truncatedTo(ChronoUnit.SECONDS).toString());
    settings.put("WINDROW_RETENTION_GRACE", "PT0S");
    settings.put("WINDROW_RETENTION_PAUSE", "PT0.1S");
    settings.put("WINDROW_JOB_LEASE", "PT3S");
    return new Settings(settings);
  }

  private static Map<String, String> settings(TestDatabase database) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_MAX_EVENT_FUTURE", MAX_FUTURE.toString());
    settings.put("WINDROW_RETENTION_MINUTE", "PT0S");
    settings.put("WINDROW_RETENTION_HOUR", "PT0S");
    settings.put("WINDROW_COMPACTION_PAUSE", "PT0.02S");
    settings.put("WINDROW_UNFOLDED_TIME", "PT0.1S");
    return settings;
  }

  private static long micros(TestDatabase database) throws SQLException {
    return Long.parseLong(
        text(database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
  }

  private static String text(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
