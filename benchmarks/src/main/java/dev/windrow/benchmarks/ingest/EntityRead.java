package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What it takes to read the events that one entity had in the newest 24 hours of a table, all of it
 * in memory.
 *
 * @param rows that were found
 * @param pages of 8 KiB that were touched, those of indexes among them
 * @param millis within PostgreSQL
 */
record EntityRead(long rows, long pages, double millis) {
  // One that half of the others are busier than.
  private static final String ORDINARY =
      """
      SELECT entity_id
      FROM (
        SELECT entity_id, row_number() OVER (ORDER BY count(*) DESC, entity_id) AS place,
          count(*) OVER () AS entities
        FROM %s
        WHERE occurred_at > TIMESTAMPTZ '%s' - INTERVAL '24 hours'
        GROUP BY entity_id
      ) AS ranked
      WHERE place = (entities + 1) / 2
      """;

  private static final String READ =
      """
      EXPLAIN (ANALYZE, BUFFERS, TIMING OFF)
      SELECT occurred_at, type, source, status, entity_id, value, amount, attributes
      FROM %s
      WHERE tenant_id = 1 AND occurred_at > TIMESTAMPTZ '%s' - INTERVAL '24 hours' AND entity_id = '%s'%s
      """;

  // As questions about an entity are put to Windrow's table: its runs are in the order of the hash.
  private static final String HASHED = " AND hashtext(entity_id) = hashtext('%s')";

  private static final Pattern ROWS = Pattern.compile("actual rows=([\\d.]+)");
  private static final Pattern PAGES =
      Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");
  private static final Pattern MILLIS = Pattern.compile("Execution Time: ([\\d.]+) ms");

  /** Of an ordinary entity in Windrow's table. */
  static EntityRead ofWindrow(Connection connection) throws SQLException {
    return of(connection, "events", HASHED);
  }

  /** Of the same entity, more or less, in the reference's table. */
  static EntityRead ofReference(Connection connection) throws SQLException {
    return of(connection, "reference_events", "");
  }

  private static EntityRead of(Connection connection, String table, String hashed)
      throws SQLException {
    Sql.run(connection, "SET jit = off; SET enable_seqscan = off");
    String newest = Sql.text(connection, "SELECT max(occurred_at) FROM " + table);
    String entity = Sql.text(connection, ORDINARY.formatted(table, newest)).replace("'", "''");
    String sql = READ.formatted(table, newest, entity, hashed.formatted(entity));
    // The first time brings the pages into memory.
    Sql.lines(connection, sql);
    List<String> plan = Sql.lines(connection, sql);
    Sql.run(connection, "RESET jit; RESET enable_seqscan");
    Matcher pages = first(PAGES, plan);
    return new EntityRead(
        (long) Double.parseDouble(first(ROWS, plan).group(1)),
        number(pages.group(1)) + number(pages.group(2)),
        Double.parseDouble(first(MILLIS, plan).group(1)));
  }

  /** The first line tells of the whole plan. */
  private static Matcher first(Pattern pattern, List<String> plan) {
    for (String line : plan) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new IllegalStateException("plan: must have " + pattern + ", got " + plan);
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  Map<String, Object> json() {
    return Json.object("rows", rows, "pages", pages, "ms", millis);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,d rows, %,d pages, %.2f ms", rows, pages, millis);
  }
}
