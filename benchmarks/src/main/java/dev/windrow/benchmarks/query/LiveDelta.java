package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the events of one rollup are: in buckets, in delta rows, or not folded at all.
 *
 * @param compacted events that are in its buckets
 * @param deltaRows rows of delta
 * @param deltaEvents events that are in these
 * @param unfolded events that are in neither
 */
record LiveDelta(String rollup, long compacted, long deltaRows, long deltaEvents, long unfolded) {
  private static final String BY_ROLLUP =
      """
      SELECT r.name, b.events, d.rows, d.events, u.events
      FROM rollups r
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(event_count), 0) AS events
        FROM rollup_buckets WHERE tenant_id = r.tenant_id AND rollup_id = r.rollup_id AND grain = 3) b
      CROSS JOIN LATERAL (
        SELECT count(*) AS rows, coalesce(sum(event_count), 0) AS events
        FROM rollup_deltas WHERE tenant_id = r.tenant_id AND rollup_id = r.rollup_id) d
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(event_count), 0) AS events
        FROM unfolded_batches WHERE tenant_id = r.tenant_id AND rollup_id = r.rollup_id) u
      WHERE r.state = 'ACTIVE'
      ORDER BY r.rollup_id
      """;

  /**
   * Looks at all rollups.
   *
   * @throws IllegalStateException unless in each of them exactly so many events are compacted, and
   *     so many are live
   */
  static List<LiveDelta> require(Connection connection, long compacted, long live)
      throws SQLException {
    List<LiveDelta> deltas = read(connection);
    for (LiveDelta delta : deltas) {
      if (delta.compacted != compacted || delta.deltaEvents + delta.unfolded != live) {
        throw new IllegalStateException(
            "delta: must be "
                + compacted
                + " events compacted and "
                + live
                + " not, got "
                + deltas);
      }
    }
    return deltas;
  }

  private static List<LiveDelta> read(Connection connection) throws SQLException {
    List<LiveDelta> deltas = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(BY_ROLLUP)) {
      while (rows.next()) {
        deltas.add(
            new LiveDelta(
                rows.getString(1),
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5)));
      }
    }
    return deltas;
  }

  Map<String, Object> json() {
    return Json.object(
        "rollup", rollup,
        "compacted_events", compacted,
        "delta_rows", deltaRows,
        "delta_events", deltaEvents,
        "unfolded_events", unfolded);
  }
}
