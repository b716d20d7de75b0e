package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windrow.ingest.v1.AppendRequest;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class DaySealIT {
  private static final String SEALED =
      "SELECT count(*) FROM pg_index WHERE indrelid = to_regclass('events_20200102_runs')"
          + " AND indexrelid = to_regclass('events_20200102_runs_entity') AND indisvalid";

  private static final String LEFT_ALONE =
      "SELECT count(*) FROM pg_class WHERE oid = to_regclass('events_20200102_runs')"
          + " AND 'autovacuum_vacuum_insert_threshold=-1' = ANY (reloptions)";

  @Test
  void dayThatIsOverAndRests_getsItsIndex_andStillTakesLateRuns() {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_RUN_EVENTS", "10", "WINDROW_SEAL_QUIET", "PT0.2S")) {
      append(harness, "2020-01-02T03:00:00Z", 50);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(harness.number(SEALED)).isEqualTo(1));
      assertThat(harness.number(LEFT_ALONE)).as("autovacuum may freeze its rows").isZero();

      append(harness, "2020-01-02T05:00:00Z", 50);

      assertThat(harness.number("SELECT count(*) FROM events_20200102_runs")).isEqualTo(100);
      assertThat(
              harness.number(
                  "SELECT count(*) FROM events WHERE entity_id = 'e7' AND tenant_id = 1"))
          .isEqualTo(2);
    }
  }

  @Test
  void daySealedByAServiceFromBefore_isLeftToAutovacuum() throws Exception {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_RUN_EVENTS", "10", "WINDROW_SEAL_QUIET", "PT0S")) {
      append(harness, "2020-01-02T03:00:00Z", 50);
      try (var connection = harness.database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE INDEX events_20200102_runs_entity ON events_20200102_runs"
                + " (tenant_id, entity_id, occurred_at)");
      }
      try (IngestHarness other = IngestHarness.beside(harness, "WINDROW_SEAL_QUIET", "PT0.2S")) {
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(other.number(LEFT_ALONE)).isZero());
        assertThat(other.number(SEALED)).isEqualTo(1);
      }
    }
  }

  @Test
  void indexThatWasGivenUp_isBuiltAnew() throws Exception {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_RUN_EVENTS", "10", "WINDROW_SEAL_QUIET", "PT0S")) {
      append(harness, "2020-01-02T03:00:00Z", 50);
      assertThat(harness.number(LEFT_ALONE)).isEqualTo(1);
      try (var connection = harness.database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE INDEX events_20200102_runs_entity ON events_20200102_runs (entity_id)");
        statement.execute(
            "UPDATE pg_index SET indisvalid = false"
                + " WHERE indexrelid = 'events_20200102_runs_entity'::regclass");
      }
      try (IngestHarness other = IngestHarness.beside(harness, "WINDROW_SEAL_QUIET", "PT0.2S")) {
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(other.number(SEALED)).isEqualTo(1));
        assertThat(other.text("SELECT pg_get_indexdef('events_20200102_runs_entity'::regclass)"))
            .endsWith("(tenant_id, entity_id, occurred_at)");
      }
    }
  }

  @Test
  void today_isNotSealed() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_RUN_EVENTS", "10", "WINDROW_SEAL_QUIET", "PT0.2S")) {
      append(harness, today + "T00:00:00Z", 50);
      append(harness, "2020-01-02T03:00:00Z", 50);
      // Looks find the newest day first: by when the old one is sealed, today would be, too.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(harness.number(SEALED)).isEqualTo(1));

      assertThat(
              harness.number(
                  "SELECT count(*) FROM pg_class WHERE relname ~ '^events_[0-9]{8}_runs_entity$'"))
          .isEqualTo(1);
    }
  }

  private static void append(IngestHarness harness, String at, int events) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < events; i++) {
      request.addEvents(IngestHarness.event(at).setEntityId("e" + i));
    }
    assertThat(harness.stub().append(request.build()).getStoredCount()).isEqualTo(events);
  }
}
