package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * In every snapshot, for every grain of the rollups that are active or were there from the
 * beginning: buckets, deltas and the events of unfolded batches together are the events, but for
 * spans in which the grain is not kept.
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
      WHERE r.state = 'ACTIVE' OR r.rollup_id <= 3
      """
          .formatted(
              """
              NOT EXISTS (
                SELECT FROM coarse_spans c
                WHERE c.rollup_id = r.rollup_id AND c.grain > g.grain
                  AND c.start_at = date_trunc(CASE c.grain WHEN 2 THEN 'hour' ELSE 'day' END, at, 'UTC'))
              """);

  // Of each key and start of the rollup by entity: the newest event that its rows tell, and that of
  // the events which
  // they were made of. Rows that do not know it say nothing.
  private static final String LATEST =
      """
      WITH grains (name, grain) AS (VALUES ('hour', 2), ('day', 3)),
      parts AS (
        SELECT grain, start_at, key, encode(latest, 'hex') COLLATE "C" AS latest FROM rollup_buckets WHERE rollup_id = 3
        UNION ALL
        SELECT g.grain, date_trunc(g.name, start_at, 'UTC'), key, encode(latest, 'hex')
        FROM rollup_deltas d JOIN grains g ON g.grain >= d.grain
        WHERE rollup_id = 3
      ), raw AS (
        SELECT g.grain, date_trunc(g.name, occurred_at, 'UTC') AS start_at, ARRAY[type, entity_id] AS key,
          max(encode(int8send((3::bigint << 59) + (extract(epoch FROM occurred_at) * 1000000)::bigint)
            || substr(int8send(batch_id), 3)
            || substr(int4send(2 * batch_index + (value IS NOT NULL)::int), 2)
            || coalesce(float8send(value), '') || convert_to(status, 'UTF8'), 'hex') COLLATE "C") AS latest
        FROM events CROSS JOIN grains g
        WHERE batch_id NOT IN (SELECT batch_id FROM unfolded_batches WHERE rollup_id = 3)
        GROUP BY 1, 2, 3
      )
      SELECT count(*) FILTER (WHERE known AND told IS DISTINCT FROM latest), count(*) FILTER (WHERE known),
        count(*) FILTER (WHERE NOT known)
      FROM (
        SELECT grain, start_at, key, max(latest) AS told, bool_and(coalesce(latest, '') <> '') AS known
        FROM parts GROUP BY 1, 2, 3
      ) AS told
      LEFT JOIN raw USING (grain, start_at, key)
      WHERE NOT EXISTS (
        SELECT FROM coarse_spans c
        WHERE c.rollup_id = 3 AND c.grain > told.grain
          AND c.start_at = date_trunc(CASE c.grain WHEN 2 THEN 'hour' ELSE 'day' END, told.start_at, 'UTC'))
      """;

  private Invariant() {}

  /** How many keys and starts of the rollup by entity know their newest event, and how many not. */
  record Latest(long known, long notKnown) {}

  /** Checks that what is known is right. */
  static Latest checkLatest(TestDatabase database) {
    try (var connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LATEST)) {
      row.next();
      assertThat(row.getLong(1)).as("wrong newest events").isZero();
      return new Latest(row.getLong(2), row.getLong(3));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

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
      assertThat(checked).isGreaterThanOrEqualTo(8);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
