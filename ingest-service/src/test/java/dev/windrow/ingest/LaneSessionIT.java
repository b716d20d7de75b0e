package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.migrations.testing.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is acknowledged has been flushed to disk, whatever the database says by default; pages are
 * written out steadily, unless it says otherwise.
 */
class LaneSessionIT {
  @ParameterizedTest
  @CsvSource({
    "synchronous_commit, off, on",
    "synchronous_commit, local, on",
    "synchronous_commit, on, on",
    "synchronous_commit, remote_apply, remote_apply",
    "backend_flush_after, 0, 1MB",
    "backend_flush_after, 512kB, 512kB"
  })
  void flush_ofADatabaseSoConfigured_usesASessionThatIsRight(
      String setting, String configured, String used) throws Exception {
    TestDatabase database = TestDatabase.create();
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE %s SET %s = '%s'".formatted(database.name(), setting, configured));
      // Written by the session that commits the batch.
      statement.execute(
          "ALTER TABLE ingest_batches ADD COLUMN used text DEFAULT current_setting('%s')"
              .formatted(setting));
    }
    try (IngestHarness harness =
        IngestHarness.startOn(database, IngestHarness.settings(database))) {
      harness.awaitServing();
      harness
          .stub()
          .append(
              AppendRequest.newBuilder()
                  .addEvents(IngestHarness.event("2001-01-01T00:00:00Z"))
                  .build());

      assertThat(harness.text("SELECT used FROM ingest_batches")).isEqualTo(used);
    }
  }
}
