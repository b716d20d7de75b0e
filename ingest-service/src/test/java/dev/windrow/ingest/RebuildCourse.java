package dev.windrow.ingest;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Three days of events, and what rebuilds them. */
abstract class RebuildCourse {
  static final String NEVER = "PT1H";
  static final LocalDate DAY = LocalDate.parse("2001-01-02");
  static final long FIRST_SECOND = 978_307_200L;
  static final int DAYS = 3;

  /** All that is stored in buckets, whoever wrote it. */
  static final String BUCKETS =
      "SELECT md5(string_agg(b::text, '|' ORDER BY b::text)) FROM (SELECT tenant_id, rollup_id, grain,"
          + " start_at, key, event_count, value_count, value_sum, value_min, value_max, amount_sum,"
          + " value_sketch, entity_sketch, latest, value_squares FROM rollup_buckets) b";

  static final String DELTAS = "SELECT count(*) FROM rollup_deltas";
  static final String NOTES = "SELECT count(*) FROM unfolded_batches";

  private final Scheduler thread = Schedulers.newSingle("rebuild", true);

  @AfterEach
  void endThread() {
    thread.dispose();
  }

  /** One lane, which neither hands over nor compacts by itself. */
  static IngestHarness start() {
    return IngestHarness.start(
        "WINDROW_LANES",
        "1",
        "WINDROW_UNFOLDED_TIME",
        NEVER,
        "WINDROW_COMPACTION_PAUSE",
        NEVER,
        "WINDROW_LIGHT_BYTES",
        "0");
  }

  Rebuild rebuild(IngestHarness harness) {
    return new Rebuild(factory(harness), 1, thread);
  }

  Scheduler thread() {
    return thread;
  }

  static ConnectionFactory factory(IngestHarness harness) {
    return DatabaseSettings.from(new Settings(harness.database.settings()))
        .connectionFactory("rebuild");
  }

  DayReport day(IngestHarness harness, LocalDate day, RebuildMode mode, long runId) {
    return got(rebuild(harness).day(day, Set.of(), mode, runId));
  }

  static <T> T got(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(Duration.ofSeconds(60)));
  }

  /** Differences and incomplete rows of all days. */
  long wrong(IngestHarness harness) {
    long wrong = 0;
    for (int i = 0; i < DAYS; i++) {
      DayReport report =
          day(harness, LocalDate.ofEpochDay(FIRST_SECOND / 86_400 + i), RebuildMode.VERIFY, 0);
      wrong += report.differing() + report.incomplete();
    }
    return wrong;
  }

  // Mostly in two minutes of each day, so that only rollups by entity fold badly.
  private static int second(Random random) {
    int within =
        random.nextInt(100) == 0
            ? random.nextInt(86_400)
            : 60 * (random.nextBoolean() ? 125 : 907) + random.nextInt(60);
    return random.nextInt(DAYS) * 86_400 + within;
  }

  static AppendRequest randomBatch(Random random, int events, int entities) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < events; i++) {
      Event.Builder event =
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(
                  Timestamp.newBuilder()
                      .setSeconds(FIRST_SECOND + second(random))
                      .setNanos(random.nextInt(1_000_000) * 1_000))
              .setSource("s" + random.nextInt(3))
              .setType("t" + random.nextInt(2))
              .setEntityId("e" + random.nextInt(entities))
              .setStatus(random.nextBoolean() ? "ok" : "")
              .setValue(random.nextInt(80_000) / 8.0 - 500)
              .setAmount(random.nextLong())
              .putAttributes("region", "r\"" + random.nextInt(3));
      if (random.nextInt(4) == 0) {
        event.clearValue();
      }
      if (random.nextInt(4) == 0) {
        event.clearAmount();
      }
      request.addEvents(event);
    }
    return request.build();
  }

  /** Has another service compact everything that this one's has left. */
  static void compact(IngestHarness harness) {
    IngestServer compacting = IngestHarness.startServer(IngestHarness.settings(harness.database));
    try {
      patiently().until(() -> harness.number(DELTAS) == 0);
    } finally {
      compacting.close();
    }
  }

  static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
  }

  static void execute(IngestHarness harness, String sql) {
    try (Connection connection = harness.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** How many sessions hold, or wait for, the lock of compaction. */
  static long locks(IngestHarness harness, boolean granted) {
    return harness.number(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted = %s AND classid = %d"
                .formatted(granted, AdvisoryLock.COMPACTION.classId())
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }
}
