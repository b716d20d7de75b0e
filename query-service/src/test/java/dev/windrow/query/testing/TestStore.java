package dev.windrow.query.testing;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.RollupDefinition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  /** Events whose deltas have been compacted. */
  public void writeCompacted(long batchId, List<TestEvent> events) throws SQLException {
    Map<Integer, RollupDefinition> byId =
        rollups.stream().collect(Collectors.toMap(RollupDefinition::id, Function.identity()));
    CompactionFold fold = new CompactionFold(byId);
    deltas(events).forEach(fold::addDelta);
    write(batchId, events, "rollup_buckets", fold.drain());
  }

  /** Events whose deltas are live. */
  public void writeLive(long batchId, List<TestEvent> events) throws SQLException {
    write(batchId, events, "rollup_deltas", deltas(events));
  }

  private List<AggregateRow> deltas(List<TestEvent> events) {
    DeltaFold fold = new DeltaFold(rollups);
    events.forEach(fold::add);
    return fold.drain();
  }

  private void write(long batchId, List<TestEvent> events, String table, List<AggregateRow> rows)
      throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      ensureDays(connection, events);
      insertEvents(connection, batchId, events);
      insertBatch(connection, batchId, events);
      insertRows(connection, table, rows);
      connection.commit();
    }
  }

  private static void ensureDays(Connection connection, List<TestEvent> events)
      throws SQLException {
    try (PreparedStatement ensure = connection.prepareStatement("SELECT ensure_event_days(?)")) {
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

  private static void insertEvents(Connection connection, long batchId, List<TestEvent> events)
      throws SQLException {
    String sql =
        "INSERT INTO events (tenant_id, occurred_at, batch_id, batch_index, source, type,"
            + " entity_id, status, value, amount, attributes, payload)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?::json)";
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
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertBatch(Connection connection, long batchId, List<TestEvent> events)
      throws SQLException {
    String sql =
        "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
            + " duplicate_count, rejected_count, newest_occurred_at)"
            + " VALUES (?, ?, 0, 1, ?, 0, 0, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      long newest = events.stream().mapToLong(TestEvent::occurredAtMicros).max().orElse(0);
      insert.setInt(1, TENANT);
      insert.setLong(2, batchId);
      insert.setInt(3, events.size());
      insert.setObject(4, instant(newest).atOffset(ZoneOffset.UTC));
      insert.execute();
    }
  }

  private static void insertRows(Connection connection, String table, List<AggregateRow> rows)
      throws SQLException {
    String sql = "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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

  /** Splits a list into pieces, as flushes split a stream. */
  public static <T> List<List<T>> pieces(List<T> all, int size) {
    List<List<T>> pieces = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      pieces.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return pieces;
  }
}
