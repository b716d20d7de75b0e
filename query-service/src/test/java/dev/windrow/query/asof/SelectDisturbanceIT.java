package dev.windrow.query.asof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.testing.TestStore;
import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SelectDisturbanceIT {
  private static final long START = RandomEvents.START;
  private static final long MINUTE = 60_000_000;
  private static final TimeRange DAY = new TimeRange(START, START + RandomEvents.DAY);

  private TestDatabase database;
  private ConnectionPool pool;
  private TestStore store;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    pool = QueryHarness.pool(database, "select-disturbance", 1);
    store = new TestStore(database, List.of());
  }

  @AfterEach
  void close() {
    pool.dispose();
    database.close();
  }

  @Test
  void stretches_areTheMinutesOfLaterBatches_clippedToTheWindow() throws SQLException {
    store.writeEvents(1, at(START + 5 * MINUTE), false);
    Position.OfSnapshot position = position();
    store.writeEvents(2, at(START + 20 * MINUTE + 7, START + 22 * MINUTE), false);
    store.writeEvents(3, at(START + 23 * MINUTE), false);
    store.writeEvents(4, at(START - 1, START), false);
    store.writeEvents(5, at(DAY.toMicros()), false);
    store.writeEvents(6, at(START + 50 * MINUTE), false);
    heartbeat(7);
    assertThat(stretches(position, DAY))
        .containsExactly(minutes(0, 1), minutes(20, 24), minutes(50, 51));
    TimeRange askew = new TimeRange(START + 21 * MINUTE + 3, START + 50 * MINUTE + 9);
    assertThat(stretches(position, askew))
        .containsExactly(
            new TimeRange(askew.fromMicros(), START + 24 * MINUTE),
            new TimeRange(START + 50 * MINUTE, askew.toMicros()));
  }

  @Test
  void stretches_ofABatchOfFreshAndLateEvents_areTheMinutesOfItsEvents() throws SQLException {
    store.writeEvents(1, at(START + 7 * MINUTE), false);
    Position.OfSnapshot position = position();
    store.writeEvents(2, at(START + 300 * MINUTE), true);
    long hour = 60 * MINUTE;
    store.writeEvents(3, at(START - hour, START + 90 * MINUTE, START + 1000 * MINUTE + 5), false);
    store.writeEvents(4, at(START + 20 * MINUTE, DAY.toMicros() + hour), true);
    assertThat(stretches(position, DAY))
        .containsExactly(minutes(20, 21), minutes(90, 91), minutes(300, 301), minutes(1000, 1001));
    // Astride, and with no event there.
    TimeRange between = new TimeRange(START + 100 * MINUTE, START + 200 * MINUTE);
    assertThat(stretches(position, between)).isEmpty();
  }

  @Test
  void stretches_ofManyBatches_areJoinedAcrossTheNarrowestGaps() throws SQLException {
    Position.OfSnapshot position = position();
    // Gaps of 1 minute, but for two of 100.
    for (long i = 0; i < 300; i++) {
      long gaps = i < 100 ? 0 : i < 200 ? 100 : 200;
      store.writeEvents(i + 1, at(START + (2 * i + gaps) * MINUTE), false);
    }
    List<TimeRange> stretches = stretches(position, DAY);
    assertThat(stretches).hasSize(SelectDisturbance.MOST);
    for (long i = 0; i < 300; i++) {
      long gaps = i < 100 ? 0 : i < 200 ? 100 : 200;
      long at = START + (2 * i + gaps) * MINUTE;
      assertThat(stretches).anyMatch(stretch -> stretch.contains(at));
    }
    assertThat(stretches)
        .noneMatch(stretch -> stretch.contains(START + 250 * MINUTE))
        .noneMatch(stretch -> stretch.contains(START + 550 * MINUTE));
  }

  @Test
  void batches_underWayAtThePosition_areLater() throws SQLException {
    try (Connection writer = database.connect();
        Statement insert = writer.createStatement()) {
      writer.setAutoCommit(false);
      insert.execute(
          "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
              + " duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at)"
              + " VALUES (1, 9, 0, 1, 1, 0, 0, '2001-03-24T00:10:00Z', '2001-03-24T00:10:30Z')");
      // One that begins later and ends earlier.
      store.writeEvents(1, at(START + 5 * MINUTE), false);
      Position.OfSnapshot position = position();
      writer.commit();
      assertThat(stretches(position, DAY)).containsExactly(minutes(10, 11));
    }
  }

  @Test
  void batches_ofOtherTenants_disturbNothing() throws SQLException {
    Position.OfSnapshot position = position();
    store.writeEvents(1, at(START), false);
    try (Connection connection = database.connect();
        Statement move = connection.createStatement()) {
      move.execute("UPDATE ingest_batches SET tenant_id = 2");
    }
    assertThat(stretches(position, DAY)).isEmpty();
  }

  private void heartbeat(long batchId) throws SQLException {
    try (Connection connection = database.connect();
        Statement insert = connection.createStatement()) {
      insert.execute(
          "INSERT INTO ingest_batches (tenant_id, batch_id, lane, request_count, event_count,"
              + " duplicate_count, rejected_count) VALUES (1, "
              + batchId
              + ", 0, 1, 0, 0, 0)");
    }
  }

  private Position.OfSnapshot position() throws SQLException {
    try (Connection connection = database.connect();
        Statement select = connection.createStatement();
        var row = select.executeQuery("SELECT pg_current_snapshot()::text")) {
      row.next();
      return new Position.OfSnapshot(row.getString(1));
    }
  }

  private List<TimeRange> stretches(Position.OfSnapshot position, TimeRange window) {
    Disturbance found =
        Objects.requireNonNull(
            new SnapshotReads(pool)
                .read(session -> SelectDisturbance.read(session, 1, window, Optional.of(position)))
                .block(Duration.ofSeconds(30)));
    assertThat(found.snapshot()).isEqualTo(found.isNone() ? "" : position.text());
    return found.stretches();
  }

  private static TimeRange minutes(long from, long to) {
    return new TimeRange(START + from * MINUTE, START + to * MINUTE);
  }

  private static List<TestEvent> at(long... times) {
    return LongStream.of(times).mapToObj(time -> TestEvent.of(time, "s", "t", "e")).toList();
  }
}
