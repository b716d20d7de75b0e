package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.migrations.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

class TelemetryIT {
  private static final String NEVER = "PT1H";

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
  }

  private static AppendRequest batch(int events, int entities) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < events; i++) {
      request.addEvents(
          IngestHarness.event("2001-01-01T00:00:00Z").setEntityId("e" + i % entities));
    }
    return request.build();
  }

  private static String[] settings(int port, String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "WINDROW_METRICS_PORT";
    all[1] = Integer.toString(port);
    all[2] = "WINDROW_METRICS_PAUSE";
    all[3] = "PT0.02S";
    System.arraycopy(more, 0, all, 4, more.length);
    return all;
  }

  @Test
  void namesAndTypes_areThese() {
    int port = Scrape.freePort();
    try (IngestHarness harness = IngestHarness.start(settings(port))) {
      assertThat(harness.serving()).isTrue();
      assertThat(Scrape.of(port).ours())
          .containsExactly(
              "windrow_build_info gauge",
              "windrow_compaction_buckets_total counter",
              "windrow_compaction_carried_batches_total counter",
              "windrow_compaction_deltas_total counter",
              "windrow_compaction_lag_seconds gauge",
              "windrow_compaction_step_seconds summary",
              "windrow_compaction_step_seconds_max gauge",
              "windrow_delta_rows gauge",
              "windrow_jobs_open gauge",
              "windrow_unfolded_events gauge",
              "windrow_upkeep_active gauge",
              "windrow_upkeep_failures_total counter",
              "windrow_upkeep_last_success_timestamp_seconds gauge",
              "windrow_upkeep_rounds_total counter",
              "windrow_verification_drift_days gauge",
              "windrow_verification_drift_rows gauge",
              "windrow_verification_incomplete_rows gauge",
              "windrow_verification_lag_seconds gauge",
              "windrow_verification_last_success_timestamp_seconds gauge",
              "windrow_verification_misses_total counter",
              "windrow_verification_seconds summary",
              "windrow_verification_seconds_max gauge",
              "windrow_verification_unverified_days gauge",
              "windrow_verification_verified_days gauge");
    }
  }

  @Test
  void withoutTheDatabase_metricsAreTold_andSayThatNothingIsKnown() throws IOException {
    int port = Scrape.freePort();
    TestDatabase database = TestDatabase.create();
    try (TcpProxy proxy = new TcpProxy(database.host(), database.port(), false)) {
      Map<String, String> settings = IngestHarness.settings(database, settings(port));
      settings.put("WINDROW_DB_PORT", Integer.toString(proxy.port()));
      try (IngestHarness harness = IngestHarness.startOn(database, settings)) {
        assertThat(Scrape.of(port).value("windrow_delta_rows")).isNaN();
        proxy.heal();
        harness.awaitServing();
        patiently().until(() -> Scrape.of(port).value("windrow_delta_rows") == 0);

        proxy.cut();

        patiently()
            .until(() -> Scrape.of(port).value("windrow_upkeep_failures_total", "backlog") > 0);
        proxy.heal();
      }
    }
  }

  @Test
  void delta_isToldUntilItIsCompacted() {
    int port = Scrape.freePort();
    int other = Scrape.freePort();
    try (IngestHarness harness =
        IngestHarness.start(
            settings(
                port,
                "WINDROW_COMPACTION_PAUSE",
                NEVER,
                "WINDROW_LANES",
                "1",
                "WINDROW_LIGHT_BYTES",
                "0",
                "WINDROW_UNFOLDED_TIME",
                NEVER))) {
      harness.stub().append(batch(2_000, 3));
      // A lane learns from the first ones that they fold badly.
      for (int i = 0; i < 3; i++) {
        harness.stub().append(batch(2_000, 2_000));
      }
      long rows = harness.number("SELECT count(*) FROM rollup_deltas");
      long unfolded = harness.number("SELECT sum(event_count) FROM unfolded_batches");
      assertThat(rows).isPositive();
      assertThat(unfolded).isPositive();
      patiently()
          .untilAsserted(
              () -> {
                Scrape scrape = Scrape.of(port);
                assertThat(scrape.value("windrow_delta_rows")).isEqualTo((double) rows);
                assertThat(scrape.value("windrow_unfolded_events")).isEqualTo((double) unfolded);
                assertThat(scrape.value("windrow_compaction_lag_seconds")).isPositive();
              });
      // Written long ago: what is older than it is orphaned, and folded by whoever compacts.
      assertThat(
              execute(
                  harness, "UPDATE unfolded_batches SET noted_at = noted_at - interval '1 day'"))
          .isPositive();
      assertThat(
              execute(
                  harness, "UPDATE ingest_batches SET written_at = written_at - interval '1 hour'"))
          .isEqualTo(4);
      patiently().until(() -> Scrape.of(port).value("windrow_compaction_lag_seconds") >= 86_400);

      try (IngestHarness compacting = IngestHarness.beside(harness, settings(other))) {
        patiently()
            .untilAsserted(
                () -> {
                  Scrape scrape = Scrape.of(port);
                  assertThat(scrape.value("windrow_delta_rows")).isZero();
                  assertThat(scrape.value("windrow_unfolded_events")).isZero();
                  assertThat(scrape.value("windrow_compaction_lag_seconds")).isZero();
                });
        assertThat(compacting.number("SELECT count(*) FROM unfolded_batches")).isZero();
        Scrape scrape = Scrape.of(other);
        assertThat(scrape.value("windrow_compaction_deltas_total"))
            .isGreaterThanOrEqualTo((double) rows);
        assertThat(scrape.value("windrow_compaction_buckets_total")).isPositive();
        assertThat(scrape.value("windrow_compaction_step_seconds_count")).isPositive();
        patiently()
            .untilAsserted(
                () -> {
                  Scrape after = Scrape.of(other);
                  assertThat(after.value("windrow_upkeep_active", "compaction")).isEqualTo(1);
                  assertThat(after.value("windrow_upkeep_failures_total", "compaction")).isZero();
                  assertThat(
                          after.value(
                              "windrow_upkeep_last_success_timestamp_seconds", "compaction"))
                      .isPositive();
                });
      }
    }
  }

  @Test
  void ageOfADeltaRow_isThatOfItsBatch() {
    int port = Scrape.freePort();
    try (IngestHarness harness =
        IngestHarness.start(
            settings(port, "WINDROW_COMPACTION_PAUSE", NEVER, "WINDROW_LANES", "1"))) {
      for (int i = 0; i < 3; i++) {
        harness.stub().append(batch(100, 3));
      }
      assertThat(harness.number("SELECT count(*) FROM unfolded_batches")).isZero();
      // Of three batches the first one's rows are gone: then the second one's are the oldest.
      execute(
          harness,
          "UPDATE ingest_batches SET written_at = written_at - interval '1 hour' * (CASE batch_id"
              + " WHEN (SELECT min(batch_id) FROM ingest_batches) THEN 50"
              + " WHEN (SELECT max(batch_id) FROM ingest_batches) THEN 1 ELSE 10 END)");
      patiently()
          .until(() -> Scrape.of(port).value("windrow_compaction_lag_seconds") >= 50 * 3_600);
      assertThat(
              execute(
                  harness,
                  "DELETE FROM rollup_deltas WHERE xmin::text = (SELECT min(xact_id)::text FROM ingest_batches)"))
          .isPositive();

      patiently()
          .untilAsserted(
              () ->
                  assertThat(Scrape.of(port).value("windrow_compaction_lag_seconds"))
                      .isBetween(10 * 3_600.0, 11 * 3_600.0));
    }
  }

  @Test
  void openJobs_areToldByKindAndState() {
    int port = Scrape.freePort();
    try (IngestHarness harness = IngestHarness.start(settings(port, "WINDROW_JOB_SLOTS", "0"))) {
      patiently()
          .until(
              () ->
                  Scrape.of(port).value("windrow_jobs_open{kind=\"verify\",state=\"pending\"}")
                      == 0);
      execute(
          harness,
          "INSERT INTO jobs (tenant_id, kind, spec) VALUES (1, 'verify', '{}'), (1, 'verify', '{}'),"
              + " (1, 'summary', '{}')");

      patiently()
          .until(
              () ->
                  Scrape.of(port).value("windrow_jobs_open{kind=\"verify\",state=\"pending\"}")
                      == 2);
      assertThat(Scrape.of(port).value("windrow_jobs_open{kind=\"recompute\",state=\"running\"}"))
          .isZero();
    }
  }

  private static int execute(IngestHarness harness, String sql) {
    try (var connection = harness.database.connect();
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
