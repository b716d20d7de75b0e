package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.migrations.testing.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is acknowledged has been flushed to disk, whatever the database says by default. */
class DurableCommitIT {
  @ParameterizedTest
  @CsvSource({"off, on", "local, on", "on, on", "remote_apply, remote_apply"})
  void flush_commitsSynchronously(String configured, String used) throws Exception {
    TestDatabase database = TestDatabase.create();
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE " + database.name() + " SET synchronous_commit = " + configured);
      // Written by the session that commits the batch.
      statement.execute(
          "ALTER TABLE ingest_batches ADD COLUMN committed text"
              + " DEFAULT current_setting('synchronous_commit')");
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

      assertThat(harness.text("SELECT committed FROM ingest_batches")).isEqualTo(used);
    }
  }
}
