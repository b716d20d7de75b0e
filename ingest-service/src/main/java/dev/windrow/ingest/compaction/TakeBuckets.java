package dev.windrow.ingest.compaction;

import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Slot;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Takes buckets out, which will be written anew in the same transaction. They come as records, as
 * those of {@link TakeDeltas}.
 */
final class TakeBuckets {
  // One array for each dimension of a key, from this parameter on.
  private static final int FIRST_DIMENSION = 5;

  // Each slot must be looked up by the whole key, whatever the planner believes. It may believe
  // that there is hardly a bucket, if statistics were gathered while the first ones were being
  // written, and would then go through all of them for each slot. A tenant that is only known row
  // by row, and compared with ANY, leaves it no other way to an index.
  private static final String SQL =
      """
      WITH taken AS (
        DELETE FROM rollup_buckets AS b
        USING unnest((SELECT array_fill($1::integer, ARRAY[cardinality($2::integer[])])),
            (SELECT $2::integer[]), (SELECT $3::smallint[]), (SELECT $4::text[]::timestamptz[]), %1$s)
          AS slot (tenant_id, rollup_id, grain, start_at, %2$s)
        WHERE b.tenant_id = ANY (ARRAY[slot.tenant_id]) AND b.rollup_id = slot.rollup_id
          AND b.grain = slot.grain AND b.start_at = slot.start_at AND b.key = ARRAY[%2$s]
        RETURNING b.rollup_id, b.grain, b.start_at, b.key, b.event_count, b.value_count, b.value_sum,
          b.value_min, b.value_max, b.amount_sum, b.value_sketch, b.entity_sketch, b.latest,
          b.value_squares
      )
      SELECT record_send(taken) FROM taken
      """;

  private TakeBuckets() {}

  /**
   * Takes.
   *
   * @param slots distinct, at least one, their keys with so many dimensions
   * @param thread where the buckets are read; everything is completed there
   */
  static Flux<AggregateRow> run(
      Connection connection, int tenantId, int dimensions, List<Slot> slots, Scheduler thread) {
    return Flux.from(
            bind(connection.createStatement(sql(dimensions)), tenantId, dimensions, slots)
                .execute())
        .flatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, byte[].class))))
        .publishOn(thread)
        .map(AggregateRecord::read);
  }

  static Statement bind(Statement statement, int tenantId, int dimensions, List<Slot> slots) {
    statement
        .bind("$1", tenantId)
        .bind("$2", slots.stream().map(Slot::rollupId).toArray(Integer[]::new))
        .bind("$3", slots.stream().map(slot -> slot.grain().code()).toArray(Short[]::new))
        .bind("$4", starts(slots));
    for (int i = 0; i < dimensions; i++) {
      statement.bind("$" + (FIRST_DIMENSION + i), values(slots, i));
    }
    return statement;
  }

  static String sql(int dimensions) {
    return SQL.formatted(
        IntStream.range(0, dimensions)
            .mapToObj(i -> "(SELECT $" + (FIRST_DIMENSION + i) + "::text[])")
            .collect(Collectors.joining(", ")),
        IntStream.range(0, dimensions).mapToObj(i -> "d" + i).collect(Collectors.joining(", ")));
  }

  // As text, in which the driver would send them as well, but it works out a time zone for each of
  // them. Slots of one start are neighbours.
  private static String[] starts(List<Slot> slots) {
    String[] starts = new String[slots.size()];
    for (int i = 0; i < starts.length; i++) {
      long micros = slots.get(i).startMicros();
      starts[i] =
          i > 0 && micros == slots.get(i - 1).startMicros()
              ? starts[i - 1]
              : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
    return starts;
  }

  private static String[] values(List<Slot> slots, int dimension) {
    return slots.stream().map(Slot::key).map(key -> key.get(dimension)).toArray(String[]::new);
  }
}
