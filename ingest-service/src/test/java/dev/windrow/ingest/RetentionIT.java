package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is old goes, in the course of ADR 23. */
class RetentionIT {
  // Events of these days ago are due by now whatever the time of the day, if one day is kept.
  private static final int[] OLD = {6, 5, 4};
  private static final String BUCKETS =
      "SELECT md5(string_agg(b::text, '|' ORDER BY b::text)) FROM rollup_buckets b";

  /** Keeps everything, and does not look before the test is over. */
  private IngestHarness keeping;

  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  @BeforeEach
  void start() {
    keeping = IngestHarness.start("WINDROW_RETENTION_PAUSE", "PT1H");
  }

  @AfterEach
  void stop() {
    keeping.close();
  }

  @Test
  void oldDays_goOnceTheyAreVerified_andBucketsStayAsTheyAre() {
    ingestOldDays();
    String buckets = keeping.text(BUCKETS);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(4));

      assertThat(exists(6) || exists(5)).isFalse();
      assertThat(horizon("raw")).isEqualTo(today.minusDays(3).toString());
      assertThat(keeping.number("SELECT count(*) FROM events")).isEqualTo(10);
      assertThat(keeping.text(BUCKETS)).isEqualTo(buckets);
      assertThat(stored(retaining, 5)).isZero();
    }
    try (IngestHarness later = IngestHarness.beside(keeping)) {
      AppendResponse response = later.stub().append(events(5, 1).addEvents(event(1)).build());

      assertThat(response.getStoredCount()).isEqualTo(1);
      assertThat(response.getRejectionsList())
          .singleElement()
          .extracting(Rejection::getReason)
          .isEqualTo(RejectionReason.REJECTION_REASON_TOO_OLD);
    }
  }

  @Test
  void dayWithAWrongBucket_stays_andLaterOnesWithIt_untilItIsRepaired() {
    ingestOldDays();
    String where =
        " WHERE rollup_id = 2 AND grain = 3 AND start_at = '%sZ'".formatted(today.minusDays(5));
    execute("UPDATE rollup_buckets SET event_count = event_count + 1" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();
      assertThat(horizon("raw")).isEqualTo(today.minusDays(5).toString());

      execute("UPDATE rollup_buckets SET event_count = event_count - 1" + where);

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  /** As a service of the version before leaves it. */
  @Test
  void dayOfWhichOnlyEventsKnowTheNewest_stays() {
    ingestOldDays();
    String where =
        " WHERE b.rollup_id = 3 AND b.grain = 3 AND b.start_at = '%sZ'"
            .formatted(today.minusDays(5));
    execute("CREATE TABLE known AS SELECT key, latest FROM rollup_buckets b" + where);
    execute("UPDATE rollup_buckets b SET latest = NULL" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();

      execute(
          "UPDATE rollup_buckets b SET latest = known.latest FROM known"
              + where
              + " AND b.key = known.key");

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void dayWithAnUnfoldedBatch_stays_untilItIsFolded() {
    ingestOldDays();
    noteUnfolded(5);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5) && exists(4)).isTrue();

      execute("DELETE FROM unfolded_batches WHERE batch_id = 1000000000");

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void snapshotFromBefore_stillReadsEverything_andHoldsTheDropBack() throws Exception {
    ingestOldDays();
    try (Connection reader = keeping.database.connect();
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      assertThat(number(statement, "SELECT count(*) FROM tenants")).isEqualTo(1);
      try (IngestHarness retaining = retaining()) {
        patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
        awaitRounds(3);

        assertThat(stored(retaining, 0)).isEqualTo(1);
        assertThat(number(statement, "SELECT count(*) FROM events")).isEqualTo(40);
        assertThat(exists(6) && exists(5) && exists(4)).isTrue();

        statement.execute("COMMIT");
        patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      }
    }
  }

  @Test
  void interruptedDetach_isFinalized_andNobodyWaitedForIt() throws Exception {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    try (Connection reader = keeping.database.connect();
        Statement reads = reader.createStatement()) {
      reads.execute("BEGIN");
      assertThat(number(reads, "SELECT count(*) FROM events")).isEqualTo(40);
      leavePending(5);

      try (IngestHarness retaining = retaining()) {
        awaitRounds(3);
        assertThat(pending()).isEqualTo(1);
        assertThat(stored(retaining, 0)).isEqualTo(1);
        assertThat(retaining.number("SELECT count(*) FROM events")).isEqualTo(42 - 10);

        reads.execute("COMMIT");
        patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
        assertThat(pending()).isZero();
      }
    }
  }

  @Test
  void detachedDay_whoseEventsAreNotFolded_isTakenBackUntilTheyAre() {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    execute("ALTER TABLE events DETACH PARTITION " + name(5));
    noteUnfolded(5);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(4));
      patiently().until(() -> retaining.number("SELECT count(*) FROM events") == 20);

      execute("DELETE FROM unfolded_batches WHERE batch_id = 1000000000");

      patiently().until(() -> !exists(5));
    }
  }

  @Test
  void whoIsNotTheKeeper_learnsTheHorizon_andDropsNothing() throws Exception {
    ingestOldDays();
    try (Connection connection = keeping.database.connect();
        Statement keeper = connection.createStatement();
        IngestHarness one = IngestHarness.beside(keeping, "WINDROW_RETENTION_PAUSE", "PT0.05S");
        IngestHarness two = retaining()) {
      keeper.execute("SELECT pg_advisory_lock(%d, 0)".formatted(AdvisoryLock.RETENTION.classId()));
      execute(
          "INSERT INTO retention_horizons VALUES (1, 'raw', '%sZ')".formatted(today.minusDays(3))
              + " ON CONFLICT DO NOTHING");
      patiently().until(() -> stored(one, 5) == 0);
      long days =
          keeping.number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass");

      keeper.execute(
          "SELECT pg_advisory_unlock(%d, 0)".formatted(AdvisoryLock.RETENTION.classId()));

      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      assertThat(days).isPositive();
      assertThat(two.serving()).isTrue();
    }
  }

  @Test
  void eventThatComesAfterItsDayHasGone_isCounted_andGoes() {
    ingestOldDays();
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));

      // This one has not heard of the horizon, and thinks that the partition is there.
      assertThat(stored(keeping, 5)).isEqualTo(1);

      patiently().until(() -> !exists(5));
      awaitCompacted();
      assertThat(
              retaining.number(
                  "SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 1 AND grain = 3"))
          .isEqualTo(41);
    }
  }

  @Test
  void tenantThatIsAddedLater_getsTheHorizon_beforeAnythingElseGoes() {
    ingestOldDays();
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));

      execute("INSERT INTO tenants (name) VALUES ('other')");

      String told =
          "SELECT string_agg(name || ' ' || (from_at AT TIME ZONE 'UTC')::date, ', ' ORDER BY name)"
              + " FROM retention_horizons JOIN tenants USING (tenant_id) WHERE tier = 'raw'";
      String day = today.minusDays(3).toString();
      patiently().until(() -> retaining.text(told).equals("default " + day + ", other " + day));
    }
  }

  @Test
  void rollupByAttribute_isVerifiedToo() {
    execute(
        "INSERT INTO rollups VALUES (1, 4, 'region', ARRAY['attributes.a ''region''', 'type'],"
            + " ARRAY['hour', 'day'], 'ACTIVE')");
    execute("UPDATE tenants SET catalog_version = catalog_version + 1");
    ingestOldDays();
    String where = " WHERE rollup_id = 4 AND grain = 3 AND start_at = '%sZ' AND key[1] = 'north'";
    where = where.formatted(today.minusDays(5));
    assertThat(keeping.number("SELECT count(*) FROM rollup_buckets" + where)).isEqualTo(1);
    execute("UPDATE rollup_buckets SET amount_sum = amount_sum + 1" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5)).isTrue();

      execute("UPDATE rollup_buckets SET amount_sum = amount_sum - 1" + where);

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void tiersOfBuckets_goByTheirOwnTime_andDaysRowByRow() {
    ingest(800);
    ingest(0);
    LocalDate then = today.minusDays(800);
    String month = "rollup_buckets_minute_" + then.toString().substring(0, 7).replace("-", "");
    String year = "rollup_buckets_hour_" + then.getYear();
    String days = "SELECT count(*) FROM rollup_buckets WHERE grain = 3";
    long before = keeping.number(days);
    String minutes = "WINDROW_RETENTION_MINUTE";
    String hours = "WINDROW_RETENTION_HOUR";
    try (IngestHarness retaining = retaining(minutes, "P1D", hours, "P2D")) {
      patiently().until(() -> !exists(month) && !exists(year) && !exists(800));

      assertThat(horizon("minute")).isEqualTo(then.withDayOfMonth(1).plusMonths(1).toString());
      assertThat(horizon("hour")).isEqualTo((then.getYear() + 1) + "-01-01");
      assertThat(retaining.number(days)).isEqualTo(before);
    }
    try (IngestHarness retaining =
        retaining(minutes, "P1D", hours, "P2D", "WINDROW_RETENTION_DAY", "P3D")) {
      patiently().until(() -> retaining.number(days) < before);
      assertThat(retaining.number(days + " AND start_at < now() - interval '5 days'")).isZero();
      assertThat(retaining.number(days)).isEqualTo(before / 2);
    }
  }

  @Test
  void bucketsWhosePartitionHasGone_getItAnew() {
    ingest(800);
    String month = "rollup_buckets_minute_" + today.minusDays(800).toString().substring(0, 7);
    execute("DROP TABLE " + month.replace("-", ""));

    ingest(800);

    assertThat(
            keeping.number(
                "SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 1 AND grain = 3"))
        .isEqualTo(20);
  }

  /** As if a batch had an event of that day that is not folded, and nobody had given it up. */
  private void noteUnfolded(int daysAgo) {
    execute(
        "INSERT INTO unfolded_batches SELECT 1, 3, 1000000000, 1, at, at, now() + interval '1 hour'"
            + " FROM (VALUES ('%sT10:00:00Z'::timestamptz)) AS v (at)"
                .formatted(today.minusDays(daysAgo)));
  }

  private void ingestOldDays() {
    for (int days : OLD) {
      ingest(days);
    }
    ingest(0);
  }

  /** Ten events, and waits until they are in their buckets. */
  private void ingest(int daysAgo) {
    assertThat(keeping.stub().append(events(daysAgo, 10).build()).getStoredCount()).isEqualTo(10);
    awaitCompacted();
  }

  private void awaitCompacted() {
    patiently()
        .until(
            () ->
                keeping.number(
                        "SELECT (SELECT count(*) FROM rollup_deltas)"
                            + " + (SELECT count(*) FROM unfolded_batches)")
                    == 0);
  }

  private AppendRequest.Builder events(int daysAgo, int count) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      request.addEvents(
          event(daysAgo)
              .setEntityId("e" + i)
              .setValue(i - 4)
              .putAttributes("a 'region'", i < 3 ? "north" : "south"));
    }
    return request;
  }

  private Event.Builder event(int daysAgo) {
    return IngestHarness.event(today.minusDays(daysAgo) + "T00:00:01Z");
  }

  private long stored(IngestHarness harness, int daysAgo) {
    return harness.stub().append(events(daysAgo, 1).build()).getStoredCount();
  }

  /** Another service, that keeps a day of events; more as for the harness. */
  private IngestHarness retaining(String... more) {
    String[] settings = new String[more.length + 6];
    settings[0] = "WINDROW_RETENTION_RAW";
    settings[1] = "P1D";
    settings[2] = "WINDROW_RETENTION_GRACE";
    settings[3] = "PT0S";
    settings[4] = "WINDROW_RETENTION_PAUSE";
    settings[5] = "PT0.05S";
    System.arraycopy(more, 0, settings, 6, more.length);
    return IngestHarness.beside(keeping, settings);
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }

  /** Each round has a connection of its own. */
  private void awaitRounds(int rounds) {
    Set<String> seen = new HashSet<>();
    patiently()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              seen.add(
                  keeping.text(
                      "SELECT coalesce(min(pid), 0) FROM pg_locks WHERE locktype = 'advisory'"
                          + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                          + " AND classid = "
                          + AdvisoryLock.RETENTION.classId()));
              seen.remove("0");
              return seen.size() > rounds;
            });
  }

  private boolean exists(int daysAgo) {
    return exists(name(daysAgo));
  }

  private String name(int daysAgo) {
    return "events_" + today.minusDays(daysAgo).toString().replace("-", "");
  }

  private boolean exists(String table) {
    return keeping.text("SELECT to_regclass('%s')".formatted(table)) != null;
  }

  private String horizon(String tier) {
    return keeping.text(
        "SELECT coalesce(max((from_at AT TIME ZONE 'UTC')::date)::text, '') FROM retention_horizons"
            + " WHERE tier = '%s'".formatted(tier));
  }

  private long pending() {
    return keeping.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending");
  }

  /** Begins a detach, which an open reader holds up, and ends its session. */
  private void leavePending(int daysAgo) throws Exception {
    String detach = "ALTER TABLE events DETACH PARTITION %s CONCURRENTLY".formatted(name(daysAgo));
    CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> execute(detach));
    patiently().until(() -> pending() == 1);
    assertThat(stored(keeping, 0)).as("while the detach waits").isEqualTo(1);
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE 'ALTER TABLE events DETACH%'");
    patiently().until(ended::isCompletedExceptionally);
  }

  private void execute(String sql) {
    try (Connection connection = keeping.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
