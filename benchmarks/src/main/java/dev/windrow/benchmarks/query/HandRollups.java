package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Sql;
import dev.windrow.rollup.Grain;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rollup tables as one makes them by hand: {@code hand_source_*} by (source, status) and {@code
 * hand_entity_*} by entity, each with buckets of a minute, an hour and a day. They are made of what
 * is there and know nothing of what comes later; nor do they pay for it.
 */
final class HandRollups {
  static final String SOURCE = "source";
  static final String ENTITY = "entity";

  private static final String MAKE_SOURCE =
      """
      DROP TABLE IF EXISTS hand_source_minute, hand_source_hour, hand_source_day;
      CREATE TABLE hand_source_minute AS
        SELECT date_trunc('minute', occurred_at, 'UTC') AS start_at, source, status, count(*) AS events,
          count(value) AS value_count, sum(value) AS value_sum, min(value) AS value_min,
          max(value) AS value_max, sum(amount)::bigint AS amount_sum
        FROM plain_events GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
      CREATE TABLE hand_source_hour AS
        SELECT date_trunc('hour', start_at, 'UTC') AS start_at, source, status, sum(events)::bigint AS events,
          sum(value_count)::bigint AS value_count, sum(value_sum) AS value_sum, min(value_min) AS value_min,
          max(value_max) AS value_max, sum(amount_sum)::bigint AS amount_sum
        FROM hand_source_minute GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
      CREATE TABLE hand_source_day AS
        SELECT date_trunc('day', start_at, 'UTC') AS start_at, source, status, sum(events)::bigint AS events,
          sum(value_count)::bigint AS value_count, sum(value_sum) AS value_sum, min(value_min) AS value_min,
          max(value_max) AS value_max, sum(amount_sum)::bigint AS amount_sum
        FROM hand_source_hour GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
      ALTER TABLE hand_source_minute ADD PRIMARY KEY (start_at, source, status);
      ALTER TABLE hand_source_hour ADD PRIMARY KEY (start_at, source, status);
      ALTER TABLE hand_source_day ADD PRIMARY KEY (start_at, source, status);
      """;

  private static final String MAKE_ENTITY =
      """
      DROP TABLE IF EXISTS hand_entity_minute, hand_entity_hour, hand_entity_day;
      CREATE TABLE hand_entity_minute AS
        SELECT date_trunc('minute', occurred_at, 'UTC') AS start_at, entity_id, count(*) AS events,
          count(value) AS value_count, sum(value) AS value_sum, min(value) AS value_min,
          max(value) AS value_max, sum(amount)::bigint AS amount_sum
        FROM plain_events GROUP BY 1, 2 ORDER BY 1, 2;
      CREATE TABLE hand_entity_hour AS
        SELECT date_trunc('hour', start_at, 'UTC') AS start_at, entity_id, sum(events)::bigint AS events,
          sum(value_count)::bigint AS value_count, sum(value_sum) AS value_sum, min(value_min) AS value_min,
          max(value_max) AS value_max, sum(amount_sum)::bigint AS amount_sum
        FROM hand_entity_minute GROUP BY 1, 2 ORDER BY 1, 2;
      CREATE TABLE hand_entity_day AS
        SELECT date_trunc('day', start_at, 'UTC') AS start_at, entity_id, sum(events)::bigint AS events,
          sum(value_count)::bigint AS value_count, sum(value_sum) AS value_sum, min(value_min) AS value_min,
          max(value_max) AS value_max, sum(amount_sum)::bigint AS amount_sum
        FROM hand_entity_hour GROUP BY 1, 2 ORDER BY 1, 2;
      ALTER TABLE hand_entity_minute ADD PRIMARY KEY (entity_id, start_at);
      ALTER TABLE hand_entity_hour ADD PRIMARY KEY (entity_id, start_at);
      ALTER TABLE hand_entity_day ADD PRIMARY KEY (entity_id, start_at);
      CREATE INDEX ON hand_entity_minute (start_at);
      CREATE INDEX ON hand_entity_hour (start_at);
      CREATE INDEX ON hand_entity_day (start_at);
      """;

  private static final String MADE =
      """
      hand_source_minute, hand_source_hour, hand_source_day,
      hand_entity_minute, hand_entity_hour, hand_entity_day
      """;

  private HandRollups() {}

  /** Makes them anew from {@code plain_events}. */
  static void make(Connection admin) throws SQLException {
    Sql.run(admin, MAKE_SOURCE);
    Sql.run(admin, MAKE_ENTITY);
    Sql.run(admin, "VACUUM (ANALYZE) " + MADE);
  }

  /**
   * A subquery for all rows of a window: its whole days (or hours, or minutes) from buckets of that
   * grain, what is left at both ends from finer ones, and parts of a minute from the events. Its
   * parameters are those of {@link Span}.
   *
   * @param family {@link #SOURCE} or {@link #ENTITY}
   * @param coarsest of the buckets; the window must hold at least one whole one
   */
  static String parts(String family, Grain coarsest) {
    List<String> parts = new ArrayList<>();
    String inner = coarsest.sqlName();
    parts.add(buckets(family, inner, inner + "_from", inner + "_to"));
    for (Grain grain : List.of(Grain.HOUR, Grain.MINUTE)) {
      if (grain.micros() < coarsest.micros()) {
        String name = grain.sqlName();
        parts.add(buckets(family, name, name + "_from", inner + "_from"));
        parts.add(buckets(family, name, inner + "_to", name + "_to"));
        inner = name;
      }
    }
    parts.add(events(family, "from", inner + "_from"));
    parts.add(events(family, inner + "_to", "to"));
    return String.join("UNION ALL\n", parts);
  }

  private static String buckets(String family, String grain, String from, String to) {
    return """
    SELECT start_at, %s, events, value_count, value_sum, value_min, value_max, amount_sum
    FROM hand_%s_%s WHERE start_at >= :%s AND start_at < :%s
    """
        .formatted(dimensions(family), family, grain, from, to);
  }

  private static String events(String family, String from, String to) {
    return """
    SELECT occurred_at, %s, 1, CASE WHEN value IS NULL THEN 0 ELSE 1 END, value, value, value, amount
    FROM plain_events WHERE occurred_at >= :%s AND occurred_at < :%s
    """
        .formatted(dimensions(family), from, to);
  }

  private static String dimensions(String family) {
    return family.equals(SOURCE) ? "source, status" : "entity_id";
  }
}
