package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.v1.AppendRequest;
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

/** Old days of events, and services that let them go. */
abstract class RetentionCourse {
  // Events of these days ago are due by now whatever the time of the day, if one day is kept.
  static final int[] OLD = {6, 5, 4};

  /** Keeps everything, and does not look before the test is over. */
  IngestHarness keeping;

  final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  @BeforeEach
  void start() {
    keeping = IngestHarness.start("WINDROW_RETENTION_PAUSE", "PT1H");
  }

  @AfterEach
  void stop() {
    keeping.close();
  }

  /** As if a batch had an event of that day that is not folded, and nobody had given it up. */
  void noteUnfolded(int daysAgo) {
    execute(
        "INSERT INTO unfolded_batches SELECT 1, 3, 1000000000, 1, at, at, now() + interval '1 hour'"
            + " FROM (VALUES ('%sT10:00:00Z'::timestamptz)) AS v (at)"
                .formatted(today.minusDays(daysAgo)));
  }

  void ingestOldDays() {
    for (int days : OLD) {
      ingest(days);
    }
    ingest(0);
  }

  /** Ten events, and waits until they are in their buckets. */
  void ingest(int daysAgo) {
    assertThat(keeping.stub().append(events(daysAgo, 10).build()).getStoredCount()).isEqualTo(10);
    awaitCompacted();
  }

  void awaitCompacted() {
    patiently()
        .until(
            () ->
                keeping.number(
                        "SELECT (SELECT count(*) FROM rollup_deltas)"
                            + " + (SELECT count(*) FROM unfolded_batches)")
                    == 0);
  }

  AppendRequest.Builder events(int daysAgo, int count) {
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

  Event.Builder event(int daysAgo) {
    return IngestHarness.event(today.minusDays(daysAgo) + "T00:00:01Z");
  }

  long stored(IngestHarness harness, int daysAgo) {
    return harness.stub().append(events(daysAgo, 1).build()).getStoredCount();
  }

  /** Another service, that keeps a day of events; more as for the harness. */
  IngestHarness retaining(String... more) {
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

  static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }

  /** Each round has a connection of its own. */
  void awaitRounds(int rounds) {
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

  boolean exists(int daysAgo) {
    return exists(name(daysAgo));
  }

  String name(int daysAgo) {
    return "events_" + today.minusDays(daysAgo).toString().replace("-", "");
  }

  boolean exists(String table) {
    return keeping.text("SELECT to_regclass('%s')".formatted(table)) != null;
  }

  String horizon(String tier) {
    return keeping.text(
        "SELECT coalesce(max((from_at AT TIME ZONE 'UTC')::date)::text, '') FROM retention_horizons"
            + " WHERE tier = '%s'".formatted(tier));
  }

  long pending() {
    return keeping.number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending");
  }

  /** Begins a detach, which an open reader holds up, and ends its session. */
  void leavePending(int daysAgo) throws Exception {
    String detach = "ALTER TABLE events DETACH PARTITION %s CONCURRENTLY".formatted(name(daysAgo));
    CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> execute(detach));
    patiently().until(() -> pending() == 1);
    assertThat(stored(keeping, 0)).as("while the detach waits").isEqualTo(1);
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE 'ALTER TABLE events DETACH%'");
    patiently().until(ended::isCompletedExceptionally);
  }

  void execute(String sql) {
    try (Connection connection = keeping.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
