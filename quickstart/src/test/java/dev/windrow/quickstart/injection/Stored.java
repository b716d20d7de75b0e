package dev.windrow.quickstart.injection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is in the database, told by its own catalogue. */
final class Stored {
  // All that a statement could have made, changed or granted, whoever owns it.
  private static final String SCHEMA =
      """
      SELECT md5(string_agg(item, E'\\n' ORDER BY item)) FROM (
        SELECT format('class %s %s %s %s %s', relnamespace, relname, relkind, relowner, relacl)
          FROM pg_class WHERE relnamespace NOT IN ('pg_toast'::regnamespace)
        UNION ALL SELECT format('column %s %s %s %s', attrelid::regclass, attname, atttypid, atthasdef)
          FROM pg_attribute WHERE attnum > 0 AND attrelid >= 16384
        UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid))
          FROM pg_constraint
        UNION ALL SELECT format('function %s %s %s', proname, proowner, md5(prosrc)) FROM pg_proc
        UNION ALL SELECT format('trigger %s %s', tgrelid::regclass, pg_get_triggerdef(oid))
          FROM pg_trigger
        UNION ALL SELECT format('role %s %s', rolname, rolsuper) FROM pg_roles
        UNION ALL SELECT format('setting %s', setconfig) FROM pg_db_role_setting
        UNION ALL SELECT format('schema %s %s', nspname, nspacl) FROM pg_namespace
          WHERE nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast_temp%'
        UNION ALL SELECT format('database %s', datname) FROM pg_database
          WHERE datname = current_database()
        UNION ALL SELECT format('large object %s', oid) FROM pg_largeobject_metadata
      ) AS items (item)
      """;

  private static final String TABLES =
      """
      SELECT relname FROM pg_class
      WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
      """;

  private static final String SOURCES = "SELECT source, count(*) FROM events GROUP BY source";

  // Each a column in which texts of callers end.
  private static final List<String> TEXTS =
      List.of(
          "SELECT source FROM events",
          "SELECT type FROM events",
          "SELECT entity_id FROM events",
          "SELECT status FROM events",
          "SELECT event_id FROM events WHERE event_id IS NOT NULL",
          "SELECT each.value FROM events, json_each_text(attributes) AS each",
          "SELECT each.key FROM events, json_each_text(attributes) AS each",
          "SELECT producer_id FROM producers WHERE producer_id NOT LIKE 'producer-%'",
          "SELECT source FROM sources",
          "SELECT source FROM source_watermarks");

  // What the requests around the texts have there.
  private static final Set<String> OURS =
      Set.of("", "plain", "source", "type", "entity", "key", "value");

  private final TestDatabase database;

  Stored(TestDatabase database) {
    this.database = database;
  }

  /** A checksum. */
  String schema() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SCHEMA)) {
      row.next();
      return row.getString(1);
    }
  }

  /** How many rows there are, by table. */
  Map<String, Long> rows() throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    for (String table : texts(TABLES)) {
      rows.putAll(counts("SELECT '" + table + "', count(*) FROM " + table));
    }
    return rows;
  }

  /** How many events there are, by source. */
  Map<String, Long> events() throws SQLException {
    return counts(SOURCES);
  }

  /** What is in the columns is what was sent: no text was cut, changed or evaluated. */
  void checkTexts(List<String> corpus) throws SQLException {
    for (String sql : TEXTS) {
      Set<String> found = texts(sql);
      assertThat(found).as(sql).hasSizeGreaterThan(corpus.size() / 2);
      found.removeAll(OURS);
      assertThat(corpus).as(sql).containsAll(found);
    }
  }

  private Map<String, Long> counts(String sql) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        counts.put(row.getString(1), row.getLong(2));
      }
    }
    return counts;
  }

  private Set<String> texts(String sql) throws SQLException {
    Set<String> texts = new HashSet<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }
}
