package dev.windrow.ingest;

import java.util.List;

/**
 * A way to make what is stored of the second day wrong.
 *
 * @param field in which a verification must find it
 */
record Corruption(int rollup, String field, String sql) {
  private static Corruption bucket(int rollup, int grain, String field, String set) {
    return new Corruption(
        rollup, field, "UPDATE rollup_buckets b SET " + set + " WHERE " + one(rollup, grain));
  }

  /** One bucket of the day with several values, and another one beside it as "other". */
  private static String one(int rollup, int grain) {
    return "(b.rollup_id, b.grain, b.start_at, b.key) = (SELECT rollup_id, grain, start_at, key FROM rollup_buckets"
        + " WHERE rollup_id = %d AND grain = %d AND value_count > 1".formatted(rollup, grain)
        + " AND start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z'"
        + " ORDER BY event_count DESC, start_at, key LIMIT 1)";
  }

  private static String ofAnother(String column) {
    return "%1$s = (SELECT %1$s FROM rollup_buckets o WHERE o.rollup_id = b.rollup_id AND o.grain = b.grain"
            .formatted(column)
        + " AND o.%1$s <> b.%1$s AND o.value_count > 0 LIMIT 1)".formatted(column);
  }

  private static String delta(String columns) {
    return "INSERT INTO rollup_deltas SELECT "
        + columns
        + ", event_count, value_count, value_sum, value_min, value_max, amount_sum, value_sketch,"
        + " entity_sketch, latest, value_squares FROM rollup_deltas"
        + " WHERE rollup_id = 2 AND start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z' LIMIT 1";
  }

  static final List<Corruption> ALL =
      List.of(
          bucket(1, 1, "event_count", "event_count = event_count + 1"),
          bucket(2, 2, "event_count", "event_count = event_count + 1"),
          bucket(3, 3, "event_count", "event_count = event_count + 1"),
          bucket(2, 2, "row", "event_count = 0"),
          bucket(1, 3, "value_count", "value_count = value_count - 1"),
          bucket(1, 2, "value_sum", "value_sum = value_sum + 0.5"),
          bucket(2, 3, "value_min", "value_min = value_min - 1"),
          bucket(2, 3, "value_max", "value_max = value_max + 1"),
          bucket(3, 3, "row", "value_max = NULL"),
          bucket(1, 1, "amount_sum", "amount_sum = amount_sum - 1"),
          bucket(1, 2, "value_sketch", ofAnother("value_sketch")),
          bucket(1, 2, "entity_sketch", ofAnother("entity_sketch")),
          bucket(2, 3, "row", "value_sketch = '\\xff00'"),
          bucket(2, 3, "row", "entity_sketch = '\\x0107'"),
          bucket(3, 3, "latest", ofAnother("latest")),
          bucket(2, 2, "value_squares", ofAnother("value_squares")),
          bucket(2, 2, "row", "key = key || ARRAY['more']"),
          bucket(2, 2, "row", "key = ARRAY['nobody', 'knows', 'this']"),
          new Corruption(1, "event_count", "DELETE FROM rollup_buckets b WHERE " + one(1, 2)),
          new Corruption(
              2,
              "row",
              "DELETE FROM rollup_buckets b WHERE rollup_id = 2 AND start_at >= '2001-01-02Z'"
                  + " AND start_at < '2001-01-03Z'"),
          new Corruption(
              3,
              "row",
              "INSERT INTO rollup_buckets SELECT tenant_id, 3, 1, start_at, key, event_count, value_count,"
                  + " value_sum, value_min, value_max, amount_sum, value_sketch, entity_sketch, latest,"
                  + " value_squares FROM rollup_buckets b WHERE "
                  + one(3, 3)),
          new Corruption(2, "event_count", delta("tenant_id, rollup_id, grain, start_at, key")),
          new Corruption(
              2, "row", delta("tenant_id, rollup_id, grain, start_at, ARRAY['too short']")),
          new Corruption(2, "row", delta("tenant_id, rollup_id, 7::smallint, start_at, key")),
          new Corruption(
              2, "row", delta("tenant_id, rollup_id, grain, start_at + interval '1 second', key")),
          new Corruption(
              2,
              "row",
              "DELETE FROM rollup_deltas WHERE rollup_id = 2 AND start_at >= '2001-01-02Z'"
                  + " AND start_at < '2001-01-03Z'"));
}
