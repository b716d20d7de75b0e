package dev.windrow.ingest.compaction;

import dev.windrow.rollup.AggregateRow;
import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;

/**
 * Takes delta rows out, together with the buckets that they are to be added to. One statement,
 * hence one snapshot: the merged rows that are written back in the same transaction are all there
 * is. Rows come as records, whole: the driver takes several times longer to give out their columns
 * one by one.
 */
final class TakeDeltas {
  private static final String SQL =
      """
      WITH taken AS (
        DELETE FROM rollup_deltas
        WHERE tenant_id = $1
          AND ctid = ANY (ARRAY (SELECT ctid FROM rollup_deltas WHERE tenant_id = $1 LIMIT $2))
        RETURNING rollup_id, grain, start_at, key, event_count, value_count, value_sum, value_min,
          value_max, amount_sum, value_sketch, entity_sketch
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
        RETURNING b.rollup_id, b.grain, b.start_at, b.key, b.event_count, b.value_count, b.value_sum,
          b.value_min, b.value_max, b.amount_sum, b.value_sketch, b.entity_sketch
      )
      SELECT true, record_send(taken) FROM taken
      UNION ALL
      SELECT false, record_send(replaced) FROM replaced
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
        .flatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        new Taken(
                            Boolean.TRUE.equals(row.get(0, Boolean.class)),
                            AggregateRecord.read(
                                Objects.requireNonNull(row.get(1, byte[].class))))));
  }
}
