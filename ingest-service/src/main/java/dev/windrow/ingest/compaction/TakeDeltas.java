package dev.windrow.ingest.compaction;

import dev.windrow.rollup.AggregateRow;
import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Takes delta rows out. They come as records, whole: the driver takes several times longer to give
 * out their columns one by one, and would do so on the event loop.
 */
final class TakeDeltas {
  private static final String SQL =
      """
      WITH taken AS (
        DELETE FROM rollup_deltas
        WHERE tenant_id = $1
          AND ctid = ANY (ARRAY (SELECT ctid FROM rollup_deltas WHERE tenant_id = $1 LIMIT $2))
        RETURNING rollup_id, grain, start_at, key, event_count, value_count, value_sum, value_min,
          value_max, amount_sum, value_sketch, entity_sketch, latest, value_squares
      )
      SELECT record_send(taken) FROM taken
      """;

  private TakeDeltas() {}

  /**
   * Takes.
   *
   * @param thread where they are read
   */
  static Flux<AggregateRow> run(Connection connection, int tenantId, int limit, Scheduler thread) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tenantId).bind("$2", limit).execute())
        .flatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, byte[].class))))
        .publishOn(thread)
        .map(AggregateRecord::read);
  }
}
