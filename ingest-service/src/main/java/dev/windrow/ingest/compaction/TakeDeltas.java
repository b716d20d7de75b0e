package dev.windrow.ingest.compaction;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupKey;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import reactor.core.publisher.Flux;

/**
 * Takes delta rows out, together with the buckets that they are to be added to. One statement,
 * hence one snapshot: the merged rows that are written back in the same transaction are all there
 * is.
 */
final class TakeDeltas {
  private static final String SQL =
      """
      WITH taken AS (
        DELETE FROM rollup_deltas
        WHERE tenant_id = $1
          AND ctid = ANY (ARRAY (SELECT ctid FROM rollup_deltas WHERE tenant_id = $1 LIMIT $2))
        RETURNING *
      ), slots AS (
        SELECT DISTINCT t.rollup_id, g.grain, date_trunc(g.name, t.start_at, 'UTC') AS start_at, t.key
        FROM taken t
        JOIN rollups r ON r.tenant_id = $1 AND r.rollup_id = t.rollup_id
        JOIN (VALUES ('minute', 1::smallint), ('hour', 2::smallint), ('day', 3::smallint))
          AS g (name, grain) ON g.name = ANY (r.grains) AND g.grain >= t.grain
      ), replaced AS (
        DELETE FROM rollup_buckets b USING slots s
        WHERE b.tenant_id = $1 AND b.rollup_id = s.rollup_id AND b.grain = s.grain
          AND b.start_at = s.start_at AND b.key = s.key
        RETURNING b.*
      )
      SELECT true AS is_delta, rollup_id, grain, start_at, key, event_count, value_count, value_sum,
             value_min, value_max, amount_sum, value_sketch, entity_sketch
      FROM taken
      UNION ALL
      SELECT false, rollup_id, grain, start_at, key, event_count, value_count, value_sum,
             value_min, value_max, amount_sum, value_sketch, entity_sketch
      FROM replaced
      """;

  private TakeDeltas() {}

  /**
   * A row that was taken out.
   *
   * @param isDelta or else a bucket
   */
  record Taken(boolean isDelta, AggregateRow row) {}

  static Flux<Taken> run(Connection connection, int tenantId, int limit) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tenantId).bind("$2", limit).execute())
        .flatMap(result -> result.map((row, metadata) -> taken(row)));
  }

  private static Taken taken(Row row) {
    Double min = row.get("value_min", Double.class);
    Double max = row.get("value_max", Double.class);
    Aggregate aggregate =
        Aggregate.of(
            get(row, "event_count", Long.class),
            get(row, "value_count", Long.class),
            get(row, "value_sum", BigDecimal.class),
            min == null ? Double.POSITIVE_INFINITY : min,
            max == null ? Double.NEGATIVE_INFINITY : max,
            get(row, "amount_sum", BigDecimal.class).toBigIntegerExact(),
            get(row, "value_sketch", byte[].class),
            get(row, "entity_sketch", byte[].class));
    return new Taken(
        get(row, "is_delta", Boolean.class),
        new AggregateRow(
            get(row, "rollup_id", Integer.class),
            Grain.ofCode(get(row, "grain", Short.class)),
            micros(get(row, "start_at", Instant.class)),
            RollupKey.of(get(row, "key", String[].class)),
            aggregate));
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
  }

  private static <T> T get(Row row, String column, Class<T> type) {
    return Objects.requireNonNull(row.get(column, type), column);
  }
}
