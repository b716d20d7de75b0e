package dev.windrow.ingest.compaction;

import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Slot;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Takes buckets out, which will be written anew in the same transaction. They come as records, as
 * those of {@link TakeDeltas}.
 */
final class TakeBuckets {
  // One array for each dimension of a key, from this parameter on.
  private static final int FIRST_DIMENSION = 5;

  // A planner that has not heard yet how many buckets there are would go through all of them and
  // look each up among the slots. Two things make it believe that there is but one slot: the
  // subqueries hide the lengths of the arrays, and the last condition, always true, looks rare.
  private static final String SQL =
      """
      WITH taken AS (
        DELETE FROM rollup_buckets AS b
        USING unnest((SELECT $2::integer[]), (SELECT $3::smallint[]), (SELECT $4::timestamptz[]), %1$s)
          AS slot (rollup_id, grain, start_at, %2$s)
        WHERE b.tenant_id = $1 AND b.rollup_id = slot.rollup_id AND b.grain = slot.grain
          AND b.start_at = slot.start_at AND b.key = ARRAY[%2$s]
          AND slot.grain + 0 = slot.grain
        RETURNING b.rollup_id, b.grain, b.start_at, b.key, b.event_count, b.value_count, b.value_sum,
          b.value_min, b.value_max, b.amount_sum, b.value_sketch, b.entity_sketch
      )
      SELECT record_send(taken) FROM taken
      """;

  private TakeBuckets() {}

  /**
   * Takes.
   *
   * @param slots distinct, at least one, their keys with so many dimensions
   */
  static Flux<AggregateRow> run(
      Connection connection, int tenantId, int dimensions, List<Slot> slots) {
    var statement =
        connection
            .createStatement(sql(dimensions))
            .bind("$1", tenantId)
            .bind("$2", slots.stream().map(Slot::rollupId).toArray(Integer[]::new))
            .bind("$3", slots.stream().map(slot -> slot.grain().code()).toArray(Short[]::new))
            .bind("$4", starts(slots));
    for (int i = 0; i < dimensions; i++) {
      statement.bind("$" + (FIRST_DIMENSION + i), values(slots, i));
    }
    return Flux.from(statement.execute())
        .flatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        AggregateRecord.read(Objects.requireNonNull(row.get(0, byte[].class)))));
  }

  private static String sql(int dimensions) {
    return SQL.formatted(
        IntStream.range(0, dimensions)
            .mapToObj(i -> "(SELECT $" + (FIRST_DIMENSION + i) + "::text[])")
            .collect(Collectors.joining(", ")),
        IntStream.range(0, dimensions).mapToObj(i -> "d" + i).collect(Collectors.joining(", ")));
  }

  private static Instant[] starts(List<Slot> slots) {
    return slots.stream()
        .map(slot -> Instant.EPOCH.plus(slot.startMicros(), ChronoUnit.MICROS))
        .toArray(Instant[]::new);
  }

  private static String[] values(List<Slot> slots, int dimension) {
    return slots.stream().map(Slot::key).map(key -> key.get(dimension)).toArray(String[]::new);
  }
}
