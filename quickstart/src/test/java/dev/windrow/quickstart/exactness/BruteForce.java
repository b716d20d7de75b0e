package dev.windrow.quickstart.exactness;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.SummarizeRequest;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The judge: the question in plain SQL over the events, with PostgreSQL's own calendar, grouping
 * and percentiles; nothing of it is shared with what it judges.
 */
final class BruteForce {
  /**
   * What a row must be. Microseconds where it is a time.
   *
   * @param p50 the exact percentile; null without values, as are the others of value
   * @param spread the variance of the values, times the square of their number
   */
  record Expected(
      long count,
      @Nullable Double sum,
      @Nullable Double min,
      @Nullable Double max,
      BigDecimal amountSum,
      long distinctEntities,
      @Nullable Double p50,
      @Nullable Double p999,
      long valueCount,
      @Nullable BigDecimal spread) {}

  private BruteForce() {}

  /**
   * The rows, by the start of their interval (cut to the window) and their group.
   *
   * @param table that has the events
   */
  static Map<String, Expected> answer(Connection connection, String table, SummarizeRequest request)
      throws SQLException {
    String from = literal(request.getWindow().getStartTime());
    String to = literal(request.getWindow().getEndTime());
    List<String> keys = new ArrayList<>();
    keys.add(intervalStart(request, from));
    request.getGroupByList().forEach(name -> keys.add(column(name)));
    StringBuilder positions = new StringBuilder();
    for (int i = 1; i <= keys.size(); i++) {
      positions.append(i == 1 ? "" : ", ").append(i);
    }
    String sql =
        "SELECT "
            + String.join(", ", keys)
            + ", count(*), sum(value), min(value), max(value), coalesce(sum(amount), 0),"
            + " count(DISTINCT entity_id), percentile_disc(0.5) WITHIN GROUP (ORDER BY value),"
            + " percentile_disc(0.999) WITHIN GROUP (ORDER BY value), count(value), count(value) *"
            // Products, because powers of numerics are rounded.
            + " sum(value::numeric * value::numeric) - sum(value::numeric) * sum(value::numeric)"
            + " FROM "
            + table
            + " WHERE occurred_at >= "
            + from
            + " AND occurred_at < "
            + to
            + (request.getFilter().isEmpty() ? "" : " AND (" + where(request.getFilter()) + ")")
            + " GROUP BY "
            + positions;
    Map<String, Expected> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        StringBuilder key = new StringBuilder();
        for (int i = 1; i <= keys.size(); i++) {
          key.append(row.getString(i)).append('|');
        }
        int at = keys.size();
        rows.put(
            key.toString(),
            new Expected(
                row.getLong(at + 1),
                real(row, at + 2),
                real(row, at + 3),
                real(row, at + 4),
                row.getBigDecimal(at + 5),
                row.getLong(at + 6),
                real(row, at + 7),
                real(row, at + 8),
                row.getLong(at + 9),
                row.getBigDecimal(at + 10)));
      }
    }
    return rows;
  }

  /** The key of a row as {@link #answer} has it. */
  static String key(long startMicros, List<String> group) {
    StringBuilder key = new StringBuilder().append(startMicros).append('|');
    group.forEach(value -> key.append(value).append('|'));
    return key.toString();
  }

  private static String intervalStart(SummarizeRequest request, String from) {
    String zone = request.getTimeZone().isEmpty() ? "UTC" : request.getTimeZone();
    String start =
        request.getInterval() == Interval.INTERVAL_UNSPECIFIED
            ? from
            : "greatest(%s, date_trunc('%s', occurred_at, '%s'))"
                .formatted(from, unit(request.getInterval()), zone);
    return "(extract(epoch FROM %s) * 1000000)::bigint".formatted(start);
  }

  private static String unit(Interval interval) {
    return switch (interval) {
      case INTERVAL_HOUR -> "hour";
      case INTERVAL_DAY -> "day";
      case INTERVAL_WEEK -> "week";
      case INTERVAL_MONTH -> "month";
      case INTERVAL_QUARTER -> "quarter";
      case INTERVAL_YEAR -> "year";
      default -> throw new IllegalArgumentException(interval.name());
    };
  }

  private static String column(String name) {
    return name.startsWith("attributes.")
        ? "coalesce(attributes ->> '" + name.substring("attributes.".length()) + "', '')"
        : name;
  }

  // The filters of RandomQuestions, in SQL.
  private static String where(String filter) {
    return filter
        .replace("attributes.region", column("attributes.region"))
        .replace("source : (\"s1\", \"s2\")", "source IN ('s1', 's2')")
        .replace("\"\"", "''")
        .replaceAll("= (\\w+)", "= '$1'");
  }

  private static String literal(Timestamp time) {
    return "'" + Instant.ofEpochSecond(time.getSeconds(), time.getNanos()) + "'::timestamptz";
  }

  private static @Nullable Double real(ResultSet row, int column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? null : value;
  }
}
