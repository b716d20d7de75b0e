package dev.windrow.query.latest;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.rollup.LatestEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All events of a store, one by one. */
final class StoredEvents {
  private static final String SQL =
      """
      SELECT (extract(epoch FROM occurred_at) * 1000000)::bigint, source, type, entity_id, status,
        value, attributes ->> 'region', batch_id, batch_index
      FROM events
      """;

  private StoredEvents() {}

  /** An event, and what it is if it is the newest. */
  record Stored(TestEvent event, LatestEvent latest) {}

  static List<Stored> read(TestDatabase database) throws SQLException {
    List<Stored> events = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SQL)) {
      while (row.next()) {
        events.add(stored(row));
      }
    }
    return events;
  }

  private static Stored stored(ResultSet row) throws SQLException {
    @Nullable Double value = row.getObject(6, Double.class);
    String region = row.getString(7);
    TestEvent event =
        new TestEvent(
            row.getLong(1),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            value,
            null,
            region == null ? Map.of() : Map.of("region", region),
            null);
    return new Stored(
        event,
        new LatestEvent(
            event.occurredAtMicros(), row.getLong(8), row.getInt(9), value, event.status()));
  }
}
