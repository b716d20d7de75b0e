package dev.windrow.benchmarks.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.PGStatement;

/**
 * A query with named parameters, {@code :from}, and their values: an {@link Instant}, a text or a
 * list of texts.
 */
record BoundSql(String sql, Map<String, Object> values) {
  // Not a cast.
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");
  // The server plans it once it has seen it, not after some executions.
  private static final int AT_ONCE = 1;

  BoundSql {
    values = Map.copyOf(values);
  }

  /** A prepared statement with all values bound, which the caller closes. */
  PreparedStatement prepare(Connection connection) throws SQLException {
    List<String> names = parameters();
    PreparedStatement statement =
        connection.prepareStatement(PARAMETER.matcher(sql).replaceAll("?"));
    statement.unwrap(PGStatement.class).setPrepareThreshold(AT_ONCE);
    for (int i = 0; i < names.size(); i++) {
      bind(statement, i + 1, names.get(i));
    }
    return statement;
  }

  /** The names in the text, in order; one may come several times. */
  List<String> parameters() {
    return PARAMETER.matcher(sql).results().map(found -> found.group(1)).toList();
  }

  private void bind(PreparedStatement statement, int place, String name) throws SQLException {
    Object value = values.get(name);
    if (value instanceof Instant instant) {
      statement.setObject(place, instant.atOffset(ZoneOffset.UTC));
    } else if (value instanceof String text) {
      statement.setString(place, text);
    } else if (value instanceof List<?> list) {
      statement.setArray(place, statement.getConnection().createArrayOf("text", list.toArray()));
    } else {
      throw new IllegalArgumentException(name + ": must have a value, got " + value);
    }
  }
}
