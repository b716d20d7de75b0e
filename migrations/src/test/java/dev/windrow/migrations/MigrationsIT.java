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
