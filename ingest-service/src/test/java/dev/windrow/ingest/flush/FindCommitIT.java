package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.flush.FindCommit.Fate;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import io.r2dbc.spi.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class FindCommitIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private TestDatabase database;
  private Connection connection;
  // Another session, whose transaction is asked for.
  private java.sql.Connection other;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
    connection =
        Objects.requireNonNull(
            Mono.<Connection>from(
                    DatabaseSettings.from(new Settings(database.settings()))
                        .connectionFactory("test")
                        .create())
                .block(LONG));
    other = database.connect();
    other.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    other.close();
    Mono.from(connection.close()).block(LONG);
    database.close();
  }

  private BeginBatch.Stamp write(long batchId) throws SQLException {
    try (var row =
        other
            .createStatement()
            .executeQuery(
                "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count,"
                    + " event_count, duplicate_count, rejected_count) VALUES (1, "
                    + batchId
                    + ", 0, 1, 1, 0, 0) RETURNING xact_id::text, written_at")) {
      row.next();
      return new BeginBatch.Stamp(
          batchId, 1, row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant());
    }
  }

  private Fate fate(BeginBatch.Stamp written) {
    return Objects.requireNonNull(
        FindCommit.run(connection, 1, new SentCommit(written, List.of())).block(LONG));
  }

  @Test
  void transaction_thatIsCommitted_isFound() throws Exception {
    BeginBatch.Stamp written = write(5);
    other.commit();

    assertThat(fate(written)).isEqualTo(Fate.COMMITTED);
  }

  @Test
  void transaction_underWay_isUnknown_untilItEnds() throws Exception {
    BeginBatch.Stamp written = write(5);
    assertThat(fate(written)).isEqualTo(Fate.UNKNOWN);

    other.rollback();

    assertThat(fate(written)).isEqualTo(Fate.NOT_COMMITTED);
  }

  @Test
  void transaction_ofASessionThatWasEnded_isNotCommitted() throws Exception {
    BeginBatch.Stamp written = write(5);
    other.abort(Runnable::run);

    Fate fate = Fate.UNKNOWN;
    for (long end = System.nanoTime() + LONG.toNanos();
        fate == Fate.UNKNOWN && System.nanoTime() < end; ) {
      fate = fate(written);
    }

    assertThat(fate).isEqualTo(Fate.NOT_COMMITTED);
  }

  /** As after a crash or a failover, when numbers that were lost are given again. */
  @Test
  void transaction_ofAnother_isNotTakenForTheOneAskedFor() throws Exception {
    BeginBatch.Stamp written = write(5);
    other.commit();
    BeginBatch.Stamp later =
        new BeginBatch.Stamp(5, 1, written.xactId(), written.at().plusNanos(1_000));
    BeginBatch.Stamp next = new BeginBatch.Stamp(6, 1, written.xactId(), written.at());

    assertThat(fate(later)).isEqualTo(Fate.NOT_COMMITTED);
    assertThat(fate(next)).isEqualTo(Fate.NOT_COMMITTED);
  }

  @Test
  void transaction_whoseNumberAnotherHasThatIsUnderWay_isUnknown_untilItEnds() throws Exception {
    BeginBatch.Stamp written = write(5);
    BeginBatch.Stamp lost = new BeginBatch.Stamp(6, 1, written.xactId(), written.at());
    assertThat(fate(lost)).isEqualTo(Fate.UNKNOWN);

    other.commit();

    assertThat(fate(lost)).isEqualTo(Fate.NOT_COMMITTED);
  }

  /** As after a crash: its number was not in the log, and is not given again yet. */
  @Test
  void transaction_thatThisServerNeverHad_isNotCommitted() {
    assertThat(fate(new BeginBatch.Stamp(5, 1, "999999999999", Instant.EPOCH)))
        .isEqualTo(Fate.NOT_COMMITTED);
  }
}
