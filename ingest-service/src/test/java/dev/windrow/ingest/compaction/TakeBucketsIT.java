package dev.windrow.ingest.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.testing.Connections;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.Slot;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Buckets are found by their whole key, whatever statistics say of them. */
class TakeBucketsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Instant START = Instant.parse("2020-03-01T00:00:00Z");
  private static final String FILL =
      """
      INSERT INTO rollup_buckets (tenant_id, rollup_id, grain, start_at, key, event_count, value_count,
        value_sum, amount_sum, value_sketch, entity_sketch)
      SELECT 1, 2, grain, '2020-03-01T00:00:00Z', ARRAY['k' || i], i, 0, 0, 0, '', ''
      FROM generate_series(1, 3000) AS i, (VALUES (2), (3)) AS grains (grain)
      """;
  private static final String FILL_ONE =
      """
      INSERT INTO rollup_buckets (tenant_id, rollup_id, grain, start_at, key, event_count, value_count,
        value_sum, amount_sum, value_sketch, entity_sketch)
      VALUES (1, 2, 3, '%s', ARRAY['%s'], 1, 0, 0, 0, '', '')
      """;
  // What an ANALYZE leaves that came while the first buckets were being written.
  private static final String MISLEAD =
      """
      UPDATE pg_class SET reltuples = 0, relpages = 100
      WHERE oid IN (SELECT relid FROM pg_partition_tree('rollup_buckets') WHERE isleaf)
        OR oid IN (SELECT indexrelid FROM pg_index
          WHERE indrelid IN (SELECT relid FROM pg_partition_tree('rollup_buckets') WHERE isleaf))
      """;

  private TestDatabase database;
  private PostgresqlConnection connection;

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.create();
    connection = Connections.open(database);
    run("SELECT ensure_event_days(ARRAY['2020-03-01'::date])");
    run(FILL);
  }

  @AfterEach
  void close() {
    connection.close().block(LONG);
    database.close();
  }

  private void run(String sql) throws SQLException {
    try (var jdbc = database.connect();
        var statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Slot> slots() {
    List<Slot> slots = new ArrayList<>();
    for (int i = 1; i <= 2_000; i++) {
      for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
        slots.add(
            new Slot(2, grain, START.getEpochSecond() * 1_000_000, RollupKey.of("k" + 2 * i)));
      }
    }
    return slots;
  }

  @Test
  void run_ofStartsFarApart_takesEach() throws Exception {
    List<Instant> starts =
        List.of(
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T00:00:00Z"),
            Instant.parse("9999-12-31T00:00:00Z"));
    List<Slot> slots = new ArrayList<>();
    for (Instant start : starts) {
      for (String key : List.of("k1", "k2")) {
        run(FILL_ONE.formatted(start, key));
        slots.add(new Slot(2, Grain.DAY, start.getEpochSecond() * 1_000_000, RollupKey.of(key)));
      }
    }

    var taken =
        TakeBuckets.run(connection, 1, 1, slots, Schedulers.immediate()).collectList().block(LONG);

    assertThat(taken)
        .extracting(row -> new Slot(2, row.grain(), row.startMicros(), row.key()))
        .containsExactlyInAnyOrderElementsOf(slots);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ANALYZE rollup_buckets", MISLEAD})
  void run_takesWhatIsThere_byTheWholeKey(String statistics) throws Exception {
    run(statistics);
    connection.beginTransaction().block(LONG);
    assertThat(BecomeCompactor.run(connection, 1).block(LONG)).isTrue();

    List<String> plan =
        Flux.from(
                TakeBuckets.bind(
                        connection.createStatement("EXPLAIN " + TakeBuckets.sql(1)), 1, 1, slots())
                    .execute())
            .flatMap(result -> result.map((row, metadata) -> row.get(0, String.class)))
            .collectList()
            .block(LONG);
    var taken =
        TakeBuckets.run(connection, 1, 1, slots(), Schedulers.immediate())
            .collectList()
            .block(LONG);

    assertThat(plan).noneMatch(line -> line.contains("Join Filter"));
    assertThat(plan)
        .filteredOn(line -> line.contains("Index Cond"))
        .isNotEmpty()
        .allMatch(line -> line.contains("(key = ARRAY[slot.d0])"));
    assertThat(taken).hasSize(2 * 1_500).allMatch(row -> row.aggregate().count() % 2 == 0);
    connection.commitTransaction().block(LONG);
    try (var jdbc = database.connect();
        var statement = jdbc.createStatement();
        var left = statement.executeQuery("SELECT count(*) FROM rollup_buckets")) {
      left.next();
      assertThat(left.getLong(1)).isEqualTo(3_000);
    }
  }
}
