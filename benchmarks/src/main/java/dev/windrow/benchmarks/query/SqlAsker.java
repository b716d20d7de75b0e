package dev.windrow.benchmarks.query;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks PostgreSQL itself, with a prepared statement on a connection of its own. */
final class SqlAsker implements Asker {
  private final Connection connection;
  private final PreparedStatement statement;
  private final int values;

  /**
   * @param connection which this closes
   * @param values how many of the last columns are values; those before are the key
   */
  SqlAsker(Connection connection, BoundSql sql, int values) throws SQLException {
    this.connection = connection;
    this.statement = sql.prepare(connection);
    this.values = values;
  }

  @Override
  public Answered ask() throws SQLException {
    List<@Nullable Object[]> read = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        @Nullable Object[] row = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = rows.getObject(i + 1);
        }
        read.add(row);
      }
    }
    return () -> read.stream().map(this::row).toList();
  }

  private AnswerRow row(@Nullable Object[] columns) {
    List<String> key = new ArrayList<>();
    List<Number> numbers = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      if (i < columns.length - values) {
        key.add(text(columns[i]));
      } else {
        numbers.add(number(columns[i]));
      }
    }
    return new AnswerRow(key, numbers);
  }

  private static String text(@Nullable Object value) {
    return value instanceof Timestamp time ? time.toInstant().toString() : String.valueOf(value);
  }

  private static Number number(@Nullable Object value) {
    if (value instanceof BigDecimal sum) {
      // Of whole numbers, which PostgreSQL adds up as numeric.
      return sum.longValueExact();
    }
    return value instanceof Number number ? number : Double.NaN;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
