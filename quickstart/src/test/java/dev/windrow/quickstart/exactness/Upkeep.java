package dev.windrow.quickstart.exactness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/**
 * Jobs that rewrite what is stored: one after the other, of all kinds, as soon as the one before
 * has ended.
 */
final class Upkeep {
  private static final String NONE_IS_OPEN =
      "SELECT NOT EXISTS (SELECT FROM jobs WHERE ended_at IS NULL)";
  private static final String INSERT =
      "INSERT INTO jobs (tenant_id, kind, spec) VALUES (1, ?, ?::jsonb)";
  private static final String EXTRA =
      "SELECT coalesce((SELECT name FROM rollups WHERE rollup_id > 3 AND state <> 'RETIRED'), '')";
  private static final String SOME_EVENTS =
      """
      SELECT coalesce(jsonb_agg(jsonb_build_object('source', source, 'eventId', event_id)), '[]')::text
      FROM (SELECT source, event_id FROM events WHERE event_id IS NOT NULL ORDER BY random() LIMIT %d) AS chosen
      """;
  // Of all days that have events.
  private static final String ALL_DAYS =
      "{\"window\": {\"startTime\": \"1990-01-01T00:00:00Z\", \"endTime\": \"2100-01-01T00:00:00Z\"}}";

  private static final int TURNS = 8;

  private final Connection admin;
  private final Random random;
  private int turn;
  private int created;
  private boolean onlyOld;

  Upkeep(Connection admin, Random random) {
    this.admin = admin;
    this.random = random;
  }

  /** From now on days go that a new rollup would need. */
  void createNoMore() {
    onlyOld = true;
  }

  /** Asks for the next job, if the one before has ended. */
  void goOn() throws SQLException {
    if (!text(NONE_IS_OPEN).equals("t")) {
      return;
    }
    // In turn, so that each comes, however few there are.
    switch (turn++ % TURNS) {
      case 1, 4 -> createOrRetire(text(EXTRA));
      case 2, 6 -> insert("recompute", "{\"recompute\": " + ALL_DAYS + "}");
      case 5 -> insert("verify", "{\"verify\": " + ALL_DAYS + "}");
      default -> takeBack(text(SOME_EVENTS.formatted(1 + random.nextInt(6))));
    }
  }

  private void takeBack(String events) throws SQLException {
    if (!events.equals("[]")) {
      insert(
          "void_events",
          "{\"voidEvents\": {\"reason\": \"a test\", \"allowMissing\": %s, \"events\": %s}}"
              .formatted(onlyOld, events));
    }
  }

  private void createOrRetire(String extra) throws SQLException {
    if (extra.isEmpty() && onlyOld) {
      return;
    }
    if (extra.isEmpty()) {
      String name = "extra" + ++created;
      insert(
          "create_rollup",
          "{\"createRollup\": {\"rollup\": \"%s\", \"dimensions\": [\"attributes.region\", \"type\", \"status\"]}}"
              .formatted(name));
    } else {
      insert("retire_rollup", "{\"retireRollup\": {\"rollup\": \"" + extra + "\"}}");
    }
  }

  private void insert(String kind, String spec) throws SQLException {
    try (PreparedStatement statement = admin.prepareStatement(INSERT)) {
      statement.setString(1, kind);
      statement.setString(2, spec);
      statement.execute();
    }
  }

  /** How many jobs of a kind have succeeded. */
  long done(String kind) throws SQLException {
    return Long.parseLong(
        text("SELECT count(*) FROM jobs WHERE state = 'SUCCEEDED' AND kind = '" + kind + "'"));
  }

  /** Why jobs have failed. */
  String failures() throws SQLException {
    return text("SELECT coalesce(string_agg(kind || ' ' || failure, '; '), '') FROM jobs");
  }

  /** Rows that a recompute found to be wrong. */
  long wrong() throws SQLException {
    // A rollup that is being built lacks rows, and so does one whose events were taken back.
    return Long.parseLong(
        text(
            "SELECT coalesce(sum(differing_count), 0) FROM recompute_runs WHERE rollup_id <= 3 AND"
                + " void_batch_id IS NULL"));
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
