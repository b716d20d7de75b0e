package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * In every snapshot, for every rollup and grain: buckets, deltas and the events of unfolded batches
 * together are the events, but for spans in which the grain is not kept.
 */
final class Invariant {
  private static final String SQL =
      """
      SELECT r.name || '/' || g.name AS what,
        (SELECT row (coalesce(sum(n), 0), coalesce(sum(vn), 0), trim_scale(coalesce(sum(v), 0)), coalesce(sum(a), 0))::text
         FROM (SELECT start_at, event_count n, value_count vn, value_sum v, amount_sum a FROM rollup_buckets b
               WHERE b.rollup_id = r.rollup_id AND b.grain = g.grain
               UNION ALL
               SELECT start_at, event_count, value_count, value_sum, amount_sum FROM rollup_deltas d
               WHERE d.rollup_id = r.rollup_id
               UNION ALL
               SELECT occurred_at, 1, count(value) OVER (PARTITION BY batch_id, batch_index), value::numeric, amount
               FROM events WHERE batch_id IN (SELECT batch_id FROM unfolded_batches u WHERE u.rollup_id = r.rollup_id)
              ) parts (at, n, vn, v, a)
         WHERE %1$s) AS merged,
        (SELECT row (count(*), count(value), trim_scale(coalesce(sum(value::numeric), 0)), coalesce(sum(amount), 0))::text
         FROM (SELECT occurred_at AS at, value, amount FROM events) e WHERE %1$s) AS raw
      FROM rollups r
      JOIN (VALUES ('minute', 1), ('hour', 2), ('day', 3)) AS g (name, grain) ON g.name = ANY (r.grains)
      """
          .formatted(
              """
              NOT EXISTS (
                SELECT FROM coarse_spans c
                WHERE c.rollup_id = r.rollup_id AND c.grain > g.grain
                  AND c.start_at = date_trunc(CASE c.grain WHEN 2 THEN 'hour' ELSE 'day' END, at, 'UTC'))
              """);

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
