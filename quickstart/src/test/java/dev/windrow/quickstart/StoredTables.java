package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a database holds, as sums that can be compared.
 *
 * @param sums of each table its rows and their checksum
 * @param sequences what each has given
 */
record StoredTables(Map<String, String> sums, Map<String, Long> sequences) {
  private static final String TABLES =
      """
      SELECT relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      """;
  // A worker that lives renews its lease, and tells how far it is.
  private static final String SUM =
      """
      SELECT count(*) || ' ' || coalesce(md5(string_agg(line, '|' ORDER BY line COLLATE "C")), '')
      FROM (SELECT (to_jsonb(t) - '{lease_until,progress_done,progress_total}'::text[])::text AS line FROM %s t) AS lines
      """;
  private static final String SEQUENCES =
      "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'";

  /** As of one snapshot, but for the sequences, which know none. */
  static StoredTables of(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("SET LOCAL TimeZone = 'UTC'");
      Map<String, String> sums = new TreeMap<>();
      for (String table : strings(statement, TABLES)) {
        sums.put(table, strings(statement, SUM.formatted(table)).get(0));
      }
      Map<String, Long> sequences = new TreeMap<>();
      try (ResultSet row = statement.executeQuery(SEQUENCES)) {
        while (row.next()) {
          sequences.put(row.getString(1), row.getLong(2));
        }
      }
      return new StoredTables(sums, sequences);
    }
  }

  /** A server logs some numbers of a sequence ahead, and leaves them out when it recovers. */
  void checkRestored(StoredTables restored) {
    assertThat(restored.sums()).isEqualTo(sums);
    sequences.forEach(
        (name, given) ->
            assertThat(restored.sequences().get(name)).as(name).isGreaterThanOrEqualTo(given));
  }

  private static List<String> strings(Statement statement, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    return found;
  }
}
