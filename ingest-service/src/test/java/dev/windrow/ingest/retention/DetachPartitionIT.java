package dev.windrow.ingest.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windrow.ingest.testing.Connections;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody waits for a partition that goes, and only what is ours goes. */
class DetachPartitionIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String STORE =
      """
      INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type, entity_id, status)
      VALUES (1, '%s', 1, 0, 's', 't', 'e', '')
      """;

  private TestDatabase database;
  private PostgresqlConnection connection;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
    connection = Connections.open(database);
    run("SELECT ensure_event_runs(ARRAY['2020-03-01'::date, '2020-03-02'::date])");
    run(STORE.formatted("2020-03-01T01:00:00Z"));
    run(STORE.formatted("2020-03-02T01:00:00Z"));
  }

  @AfterEach
  void close() {
    connection.close().block(LONG);
    database.close();
  }

  @Test
  void detach_thatAReaderHoldsUp_hindersNobody_andIsEndedLater() throws Exception {
    Partition day = find("events_20200301");
    AvoidLongWaits.run(connection).block(LONG);
    try (Connection reader = database.connect();
        Statement reads = reader.createStatement()) {
      reads.execute("BEGIN");
      reads.execute("SELECT count(*) FROM events");
      CompletableFuture<Void> detach = DetachPartition.run(connection, day).toFuture();
      await()
          .atMost(LONG)
          .until(() -> number("SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 1);

      run(STORE.formatted("2020-03-02T02:00:00Z"));
      run("SELECT ensure_event_days(ARRAY['2020-03-03'::date])");
      assertThat(number("SELECT count(*) FROM events")).isEqualTo(2);
      assertThatThrownBy(detach::join)
          .satisfies(
              error -> assertThat(SqlFailures.kind(error)).isEqualTo(SqlFailures.Kind.CONFLICT));
      assertThat(find("events_20200301").state()).isEqualTo(Partition.State.PENDING);
      reads.execute("COMMIT");
    }

    DetachPartition.finalizePending(connection, day).block(LONG);
    assertThat(find("events_20200301").state()).isEqualTo(Partition.State.DETACHED);

    DropPartition.run(connection, day).block(LONG);
    assertThat(number("SELECT count(*) FROM pg_class WHERE relname LIKE 'events_20200301%'"))
        .isZero();
  }

  @Test
  void find_takesOnlyTablesOfOurs_forLeftOvers() throws Exception {
    run("CREATE TABLE events_19990101 (LIKE events)");
    run("CREATE TABLE events_19990102 (LIKE events, more text)");
    run("CREATE TABLE events_199901 (LIKE events)");
    run("CREATE TABLE events_19990103_old (LIKE events)");
    run("CREATE TABLE other_events_19990104 (LIKE events)");
    run("CREATE VIEW events_19990105 AS SELECT * FROM events");
    run("CREATE SCHEMA archive");
    run("CREATE TABLE archive.events_19990106 (LIKE events)");
    run("CREATE TABLE own (LIKE events) PARTITION BY RANGE (occurred_at)");
    run("CREATE TABLE events_19990107 PARTITION OF own DEFAULT");
    run("CREATE TABLE rollup_buckets_minute_1999 (LIKE rollup_buckets)");
    run("CREATE TABLE rollup_buckets_hour_1999 (LIKE events)");

    assertThat(all().stream().map(one -> one.name() + " " + one.state()))
        .containsExactly(
            "rollup_buckets_hour_2020 ATTACHED",
            "rollup_buckets_minute_202003 ATTACHED",
            "events_19990101 DETACHED",
            "events_20200301 ATTACHED",
            "events_20200302 ATTACHED");
  }

  @Test
  void check_ofADayBeforeTheHorizon_asksOnlyThatNothingIsMissing() throws Exception {
    Partition day =
        new Partition(Tier.RAW, LocalDate.parse("2020-03-01"), Partition.State.ATTACHED);
    assertThat(check(day, false).drifts()).contains(new Drift(1, "type", 1, "{t}")).hasSize(3);
    run(
        """
        INSERT INTO rollup_buckets (tenant_id, rollup_id, grain, start_at, key, event_count, value_count,
          value_sum, amount_sum, value_sketch, entity_sketch)
        SELECT 1, id, 3, '2020-03-01Z', key::text[], 2, 1, 0, 5, '', ''
        FROM (VALUES (1, '{t}'), (2, '{t,s,""}'), (3, '{t,e}'), (3, '{t,other}')) AS v (id, key)
        """);

    assertThat(check(day, false).mayGo()).isTrue();
    assertThat(check(day, true).drifts())
        .containsExactly(
            new Drift(1, "type", 1, "{t}"),
            new Drift(1, "type,source,status", 1, "{t,s,\"\"}"),
            new Drift(1, "type,entity_id", 2, "{t,e}"));
  }

  private DayVerdict check(Partition day, boolean whole) {
    return Objects.requireNonNull(DayCheck.run(connection, 0, day, whole).block(LONG));
  }

  private List<Partition> all() {
    return Objects.requireNonNull(FindPartitions.run(connection).collectList().block(LONG));
  }

  private Partition find(String name) {
    return all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private long number(String sql) throws SQLException {
    try (var jdbc = database.connect();
        var statement = jdbc.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (var jdbc = database.connect();
        var statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }
}
