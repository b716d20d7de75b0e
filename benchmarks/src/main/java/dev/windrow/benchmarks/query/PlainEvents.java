package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The events as a team without Windrow would have them: one table, in order of time, with the usual
 * indexes. Windrow's own table is no fair ground for raw SQL: it is laid out, and indexed with
 * BRIN, for the questions that Windrow itself puts to it.
 */
final class PlainEvents {
  private static final String MAKE =
      """
      DROP TABLE IF EXISTS plain_events;
      CREATE TABLE plain_events AS
        SELECT occurred_at, source, type, entity_id, status, value, amount, attributes, payload
        FROM events
        ORDER BY occurred_at;
      CREATE INDEX ON plain_events (occurred_at);
      CREATE INDEX ON plain_events (entity_id, occurred_at);
      """;

  private PlainEvents() {}

  /** Copies all that is in Windrow's table. */
  static void make(Connection admin) throws SQLException {
    Sql.run(admin, MAKE);
    Sql.run(admin, "VACUUM (ANALYZE) plain_events");
  }
}
