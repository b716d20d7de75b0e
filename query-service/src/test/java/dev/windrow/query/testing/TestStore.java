package dev.windrow.query.testing;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.SquareSum;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes events with their deltas and buckets, as ingestion and compaction leave them. */
public final class TestStore {
  private static final int TENANT = 1;

  private final TestDatabase database;
  private final List<RollupDefinition> rollups;

  public TestStore(TestDatabase database, List<RollupDefinition> rollups) {
    this.database = database;
    this.rollups = List.copyOf(rollups);
  }

  public List<RollupDefinition> rollups() {
    return rollups;
  }

  /** Events whose deltas have been compacted. */
  public void writeCompacted(long batchId, List<TestEvent> events) throws SQLException {
    StoredRollups stored = new StoredRollups(rollups);
    stored.flush(batchId, events, rollup -> false);
    stored.compact(delta -> true);
    writeEvents(batchId, events, false);
    write(stored);
  }

  /** Events whose deltas are live, all in one transaction. */
  public void writeLive(long batchId, List<TestEvent> events) throws SQLException {
    StoredRollups stored = new StoredRollups(rollups);
    stored.flush(batchId, events, rollup -> false);
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      ensureDays(connection, events, false);
      connection.commit();
      insertEvents(connection, batchId, events, false);
      insertBatch(connection, batchId, events);
      insertRows(connection, "rollup_deltas", stored.deltas());
      connection.commit();
    }
  }

  /** Events that are themselves the delta of every rollup. */
  public void writeUnfolded(long batchId, List<TestEvent> events) throws SQLException {
    StoredRollups stored = new StoredRollups(rollups);
    stored.flush(batchId, events, rollup -> true);
    writeEvents(batchId, events, true);
    write(stored);
  }

  /** A batch alone, without its deltas. */
  public void writeEvents(long batchId, List<TestEvent> events, boolean run) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      ensureDays(connection, events, run);
      insertEvents(connection, batchId, events, run);
      insertBatch(connection, batchId, events);
      connection.commit();
    }
  }

  /** A producer's word that it has sent everything of a source up to a time. */
  public void declare(String source, String producer, Instant completeUntil) throws SQLException {
    String sql =
        "INSERT INTO source_watermarks (tenant_id, source, producer_id, complete_until, batch_id)"
            + " VALUES (?, ?, ?, ?, 1)";
    try (Connection connection = database.connect();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setInt(1, TENANT);
      insert.setString(2, source);
      insert.setString(3, producer);
      insert.setObject(4, completeUntil.atOffset(ZoneOffset.UTC));
      insert.execute();
    }
  }

  /** All there is besides the events, in place of what there was. */
  public void rewrite(StoredRollups stored) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      try (Statement delete = connection.createStatement()) {
        delete.execute(
            "DELETE FROM rollup_deltas; DELETE FROM rollup_buckets;"
                + " DELETE FROM unfolded_batches; DELETE FROM coarse_spans");
      }
      insert(connection, stored);
      connection.commit();
    }
  }

  /** More of what there is besides the events. */
  public void write(StoredRollups stored) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      insert(connection, stored);
      connection.commit();
    }
  }

  /** What lies before an instant goes, as retention leaves it; {@code tier} as it has them. */
  public void letGo(String tier, long from) throws SQLException {
    String at = "'" + instant(from) + "'";
    String rows =
        switch (tier) {
          case "raw" -> "events WHERE occurred_at < " + at;
          case "minute" -> "rollup_buckets WHERE grain = 1 AND start_at < " + at;
          case "hour" -> "rollup_buckets WHERE grain = 2 AND start_at < " + at;
          default -> "rollup_buckets WHERE grain = 3 AND start_at < " + at;
        };
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + rows);
      statement.execute(
          "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES (%d, '%s', %s)"
              .formatted(TENANT, tier, at));
    }
  }

  private static void insert(Connection connection, StoredRollups stored) throws SQLException {
    insertRows(connection, "rollup_deltas", stored.deltas());
    insertRows(connection, "rollup_buckets", stored.buckets());
    insertNotes(connection, stored.notes());
    insertSpans(connection, stored.spans());
  }

  private static void ensureDays(Connection connection, List<TestEvent> events, boolean runs)
      throws SQLException {
    String sql = runs ? "SELECT ensure_event_runs(?)" : "SELECT ensure_event_days(?)";
    try (PreparedStatement ensure = connection.prepareStatement(sql)) {
      Object[] days =
          events.stream()
              .map(event -> instant(event.occurredAtMicros()).atOffset(ZoneOffset.UTC))
              .map(time -> Date.valueOf(time.toLocalDate()))
              .distinct()
              .toArray();
      ensure.setArray(1, connection.createArrayOf("date", days));
      ensure.execute();
    }
  }

  private static void insertEvents(
      Connection connection, long batchId, List<TestEvent> events, boolean run)
      throws SQLException {
    String sql =
        "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
            + " entity_id, status, value, amount, attributes, payload, run)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::json, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int index = 0;
      for (TestEvent event : events) {
        insert.setInt(1, TENANT);
        insert.setObject(2, instant(event.occurredAtMicros()).atOffset(ZoneOffset.UTC));
        insert.setLong(3, batchId);
        insert.setInt(4, index++);
        insert.setString(5, event.source());
        insert.setString(6, event.type());
        insert.setString(7, event.entityId());
        insert.setString(8, event.status());
        insert.setObject(9, event.measured(), Types.DOUBLE);
        insert.setObject(10, event.minorUnits(), Types.BIGINT);
        insert.setString(11, json(event.attributes()));
        insert.setString(12, event.payload());
        insert.setBoolean(13, run);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertBatch(Connection connection, long batchId, List<TestEvent> events)
      throws SQLException {
    String sql =
        "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
            + " duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at)"
            + " VALUES (?, ?, 0, 1, ?, 0, 0, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      LongSummaryStatistics times =
          events.stream().mapToLong(TestEvent::occurredAtMicros).summaryStatistics();
      insert.setInt(1, TENANT);
      insert.setLong(2, batchId);
      insert.setInt(3, events.size());
      insert.setObject(4, instant(times.getMin()).atOffset(ZoneOffset.UTC));
      insert.setObject(5, instant(times.getMax()).atOffset(ZoneOffset.UTC));
      insert.execute();
    }
  }

  private static void insertRows(Connection connection, String table, List<AggregateRow> rows)
      throws SQLException {
    String sql = "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (AggregateRow row : rows) {
        Aggregate sum = row.aggregate();
        boolean valued = sum.valueCount() > 0;
        Array key = connection.createArrayOf("text", row.key().values().toArray());
        insert.setInt(1, TENANT);
        insert.setInt(2, row.rollupId());
        insert.setShort(3, row.grain().code());
        insert.setObject(4, instant(row.startMicros()).atOffset(ZoneOffset.UTC));
        insert.setArray(5, key);
        insert.setLong(6, sum.count());
        insert.setLong(7, sum.valueCount());
        insert.setBigDecimal(8, sum.valueSum());
        insert.setObject(9, valued ? sum.valueMin() : null, Types.DOUBLE);
        insert.setObject(10, valued ? sum.valueMax() : null, Types.DOUBLE);
        insert.setBigDecimal(11, new java.math.BigDecimal(sum.amountSum()));
        insert.setBytes(12, sum.values().toBytes());
        insert.setBytes(13, sum.entities().toBytes());
        LatestEvent latest = sum.latest();
        insert.setBytes(14, latest == null ? new byte[0] : latest.toBytes());
        SquareSum squares = sum.valueSquares();
        insert.setBytes(15, squares == null ? new byte[0] : squares.toBytes());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertNotes(Connection connection, List<StoredRollups.Note> notes)
      throws SQLException {
    String sql =
        "INSERT INTO unfolded_batches (tenant_id, rollup_id, batch_id, event_count,"
            + " oldest_occurred_at, newest_occurred_at) VALUES (?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (StoredRollups.Note note : notes) {
        LongSummaryStatistics times =
            note.events().stream().mapToLong(TestEvent::occurredAtMicros).summaryStatistics();
        insert.setInt(1, TENANT);
        insert.setInt(2, note.rollupId());
        insert.setLong(3, note.batchId());
        insert.setInt(4, note.events().size());
        insert.setObject(5, instant(times.getMin()).atOffset(ZoneOffset.UTC));
        insert.setObject(6, instant(times.getMax()).atOffset(ZoneOffset.UTC));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertSpans(Connection connection, Set<StoredRollups.Span> spans)
      throws SQLException {
    String sql =
        "INSERT INTO coarse_spans (tenant_id, rollup_id, grain, start_at) VALUES (?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (StoredRollups.Span span : spans) {
        insert.setInt(1, TENANT);
        insert.setInt(2, span.rollupId());
        insert.setShort(3, span.grain().code());
        insert.setObject(4, instant(span.startMicros()).atOffset(ZoneOffset.UTC));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static @Nullable String json(Map<String, String> attributes) {
    if (attributes.isEmpty()) {
      return null;
    }
    StringJoiner json = new StringJoiner(",", "{", "}");
    attributes.forEach((name, value) -> json.add(quoted(name) + ":" + quoted(value)));
    return json.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
