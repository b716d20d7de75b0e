package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** In every snapshot, for every rollup and grain: buckets and deltas together are the events. */
final class Invariant {
  private static final String SQL =
      """
      SELECT r.name || '/' || g.name AS what,
        (SELECT row (coalesce(sum(n), 0), coalesce(sum(vn), 0), trim_scale(coalesce(sum(v), 0)), coalesce(sum(a), 0))::text
         FROM (SELECT event_count n, value_count vn, value_sum v, amount_sum a FROM rollup_buckets b
               WHERE b.rollup_id = r.rollup_id AND b.grain = g.grain
               UNION ALL
               SELECT event_count, value_count, value_sum, amount_sum FROM rollup_deltas d
               WHERE d.rollup_id = r.rollup_id) parts) AS merged,
        (SELECT row (count(*), count(value), trim_scale(coalesce(sum(value::numeric), 0)), coalesce(sum(amount), 0))::text
         FROM events) AS raw
      FROM rollups r
      JOIN (VALUES ('minute', 1), ('hour', 2), ('day', 3)) AS g (name, grain) ON g.name = ANY (r.grains)
      """;

  private Invariant() {}

  static void check(TestDatabase database) {
    try (var connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SQL)) {
      int checked = 0;
      while (row.next()) {
        assertThat(row.getString("merged"))
            .as(row.getString("what"))
            .isEqualTo(row.getString("raw"));
        checked++;
      }
      assertThat(checked).isEqualTo(8);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
