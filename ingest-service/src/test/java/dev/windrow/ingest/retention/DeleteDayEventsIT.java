package dev.windrow.ingest.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.testing.Connections;
import dev.windrow.migrations.testing.TestDatabase;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of a day that several tenants share, one tenant's events go, but for those still to be folded.
 */
class DeleteDayEventsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Partition DAY =
      new Partition(Tier.RAW, LocalDate.parse("2020-03-01"), Partition.State.ATTACHED);

  private TestDatabase database;
  private PostgresqlConnection connection;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
    connection = Connections.open(database);
    execute("SELECT ensure_event_runs(ARRAY['2020-03-01'::date, '2020-03-02'::date])");
  }

  @AfterEach
  void close() {
    connection.close().block(LONG);
    database.close();
  }

  @Test
  void events_ofAllPages_loseOneTenants_andKeepWhatIsNotFolded() throws SQLException {
    // More pages than are read at once.
    store(1, 1, "2020-03-01", 100_000, true);
    store(1, 2, "2020-03-01", 10, true);
    store(1, 3, "2020-03-01", 10, false);
    store(1, 4, "2020-03-02", 10, false);
    store(2, 5, "2020-03-01", 10, true);
    note(1, 2);
    note(2, 3);

    assertThat(DeleteDayEvents.run(connection, 1, DAY).block(LONG)).isEqualTo(100_010);

    assertThat(
            text(
                "SELECT string_agg(batch_id || ' ' || n, ', ' ORDER BY batch_id) FROM"
                    + " (SELECT batch_id, count(*) AS n FROM events GROUP BY 1) AS kept"))
        .isEqualTo("2 10, 4 10, 5 10");
    assertThat(
            number("SELECT max(pg_relation_size(relid)) / 8192 FROM pg_partition_tree('events')"))
        .isGreaterThan(1024);
    assertThat(DeleteDayEvents.run(connection, 1, DAY).block(LONG)).isZero();
    assertThat(FindTenantEvents.run(connection, 1, DAY).block(LONG)).isTrue();
    assertThat(FindTenantEvents.run(connection, 3, DAY).block(LONG)).isFalse();
  }

  private void store(int tenant, int batch, String day, int count, boolean run)
      throws SQLException {
    execute(
        ("INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type, entity_id, status, run)"
                + " SELECT %d, '%sT01:00:00Z', %d, i, 's', 't', repeat('e', 20), '', %s FROM generate_series(1, %d) AS i")
            .formatted(tenant, day, batch, run, count));
  }

  private void note(int tenant, int batch) throws SQLException {
    execute(
        "INSERT INTO unfolded_batches VALUES (%d, 1, %d, 1, '2020-03-01T01:00:00Z', '2020-03-01T01:00:00Z')"
            .formatted(tenant, batch));
  }

  private void execute(String sql) throws SQLException {
    try (Connection admin = database.connect();
        Statement statement = admin.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (Connection admin = database.connect();
        Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }
}
