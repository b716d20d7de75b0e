package dev.windrow.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class MigrationsIT {
  @Test
  void migrate_onACurrentSchema_appliesNothing() {
    try (TestDatabase database = TestDatabase.create()) {
      int applied = Migrations.migrate(database.jdbcUrl(), database.user(), database.password(), 0);
      assertThat(applied).isZero();
    }
  }

  @Test
  void ensureEventDays_fromManyConnectionsAtOnce_makesEachPartitionOnce() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      Callable<Void> ensure =
          () -> {
            execute(database, "SELECT ensure_event_days('{2001-01-31,2001-02-01,1999-12-31}')");
            return null;
          };
      var pool = Executors.newFixedThreadPool(4);
      try {
        for (var done : pool.invokeAll(List.of(ensure, ensure, ensure, ensure))) {
          done.get();
        }
      } finally {
        pool.shutdown();
      }
      assertThat(partitions(database, "events")).isEqualTo(3);
      assertThat(partitions(database, "rollup_buckets_minute")).isEqualTo(3);
      assertThat(partitions(database, "rollup_buckets_hour")).isEqualTo(2);
    }
  }

  @Test
  void ensureEventDays_whateverTheSessionTimeZone_cutsAtUtcMidnight() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'Pacific/Kiritimati'");
      statement.execute("SELECT ensure_event_days('{2001-01-01}')");
      statement.execute(
          "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
              + " entity_id, status) SELECT 1, t, 1, 1, 's', 't', 'e', '' FROM"
              + " (VALUES ('2001-01-01T00:00Z'::timestamptz),"
              + " ('2001-01-01T23:59:59.999999Z')) v (t)");
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM events_20010101")) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(2);
      }
    }
  }

  @Test
  void ensureEventRuns_givesRunsAPartOfTheirDay() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      execute(database, "SELECT ensure_event_runs('{2001-01-01}')");
      execute(database, "SELECT ensure_event_runs('{2001-01-01}')");
      insertRun(database, 20_000);
      assertThat(partitions(database, "events_20010101")).isEqualTo(2);
      assertThat(number(database, "SELECT count(*) FROM events_20010101_runs")).isEqualTo(20_000);
      assertThat(
              text(
                  database,
                  "SELECT reloptions::text FROM pg_class WHERE relname = 'events_20010101_runs'"))
          .as("left alone by autovacuum until the day is sealed")
          .isEqualTo("{autovacuum_vacuum_insert_threshold=-1}");
    }
  }

  @Test
  void summarizeEventDays_letsAScanOfOneEntityLeaveOutMostPages() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      execute(database, "SELECT ensure_event_runs('{2001-01-01}')");
      insertRun(database, 20_000);
      execute(database, "SELECT summarize_event_days('{2001-01-01,1999-01-01}')");
      // So few pages would be read in a row.
      execute(database, "ALTER DATABASE " + database.name() + " SET enable_seqscan = off");
      // Rows that a bitmap scan met and threw away are those of the pages that it read in vain.
      String plan =
          text(
              database,
              "EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM events WHERE tenant_id = 1"
                  + " AND entity_id = 'e7' AND hashtext(entity_id) = hashtext('e7')"
                  + " AND occurred_at >= '2001-01-01Z' AND occurred_at < '2001-01-02Z'");
      assertThat(plan).contains("_runs_occurred_at_batch_id_hashtext_idx");
      var removed = Pattern.compile("Rows Removed by Index Recheck\": (\\d+)").matcher(plan);
      int most = 0;
      while (removed.find()) {
        most = Math.max(most, Integer.parseInt(removed.group(1)));
      }
      assertThat(most).isBetween(1, 2_000);
    }
  }

  @Test
  void migrate_fromBeforeTheRuns_keepsDaysThatExistAndTheirEvents() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      execute(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      Flyway.configure()
          .dataSource(database.jdbcUrl(), database.user(), database.password())
          .target("4")
          .load()
          .migrate();
      execute(database, "SELECT ensure_event_days('{2001-01-01}')");
      execute(
          database,
          "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
              + " entity_id, status, payload) VALUES (1, '2001-01-01Z', 1, 1, 's', 't', 'e', '',"
              + " '{\"a\": 1}'::jsonb)");
      Migrations.migrate(database.jdbcUrl(), database.user(), database.password(), 0);
      execute(database, "SELECT ensure_event_runs('{2001-01-01,2001-01-02}')");
      insertRun(database, 10);
      assertThat(text(database, "SELECT payload ->> 'a' FROM events WHERE entity_id = 'e'"))
          .isEqualTo("1");
      assertThat(number(database, "SELECT count(*) FROM events_20010101")).isEqualTo(11);
      assertThat(
              number(
                  database,
                  "SELECT count(*) FROM pg_index WHERE indrelid = 'events_20010101'::regclass"))
          .isEqualTo(2);
    }
  }

  private static void insertRun(TestDatabase database, int rows) throws SQLException {
    execute(
        database,
        "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
            + " entity_id, status, run) SELECT 1, '2001-01-01Z'::timestamptz + i * interval '1 ms',"
            + " 1, i, 's', 't', 'e' || i % 1000, '', true FROM generate_series(1, "
            + rows
            + ") i ORDER BY hashtext('e' || i % 1000)");
  }

  private static int number(TestDatabase database, String sql) throws SQLException {
    return Integer.parseInt(text(database, sql));
  }

  private static String text(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static int partitions(TestDatabase database, String parent) throws SQLException {
    try (Connection connection = database.connect();
        var statement =
            connection.prepareStatement(
                "SELECT count(*) FROM pg_inherits WHERE inhparent = ?::regclass")) {
      statement.setString(1, parent);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
