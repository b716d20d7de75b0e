package dev.windrow.query.read;

import dev.windrow.rollup.AggregateAccumulator;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.RollupKey;
import io.r2dbc.spi.Row;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of events that PostgreSQL cannot add up as exactly as we do: one event, or some of one
 * interval and group packed together. Which value belonged to which entity makes no difference to
 * an aggregate.
 *
 * @param events how many
 * @param values of those that have one; likewise the amounts
 * @param entities of all of them; empty if they are not asked for
 */
record EventPart(
    int interval,
    RollupKey group,
    List<Long> shareCounts,
    int events,
    List<Double> values,
    List<Long> amounts,
    List<String> entities) {

  /** Reads the columns of a row that is one event. */
  static EventPart ofOne(Row row, RowShape shape, Needs needs) {
    int at = shape.width();
    return new EventPart(
        shape.interval(row),
        shape.group(row),
        shape.shareCounts(row),
        1,
        listOf(Columns.nullableReal(row, at)),
        listOf(Columns.nullableBigint(row, at + 1)),
        needs.entities() ? List.of(Columns.text(row, at + 2)) : List.of());
  }

  /** Reads the columns of a row that is several. */
  static EventPart ofMany(Row row, RowShape shape, Needs needs) {
    int at = shape.width();
    return new EventPart(
        shape.interval(row),
        shape.group(row),
        shape.shareCounts(row),
        Math.toIntExact(Columns.bigint(row, at)),
        Arrays.asList(Columns.array(row, at + 1, Double[].class)),
        Arrays.asList(Columns.array(row, at + 2, Long[].class)),
        needs.entities() ? Arrays.asList(Columns.array(row, at + 3, String[].class)) : List.of());
  }

  void addTo(AggregateAccumulator aggregate, Needs needs) {
    for (int i = 0; i < events; i++) {
      boolean hasValue = i < values.size();
      double value = hasValue ? values.get(i) : 0;
      long amount = i < amounts.size() ? amounts.get(i) : 0;
      if (needs.sketches()) {
        long hash = entities.isEmpty() ? 0 : EntitySketch.hash(entities.get(i));
        aggregate.add(hasValue, value, amount, hash);
      } else {
        aggregate.addUnsketched(hasValue, value, amount);
        if (needs.squares() && hasValue) {
          aggregate.addSquare(value);
        }
      }
    }
  }

  private static <T> List<T> listOf(@Nullable T value) {
    return value == null ? List.of() : List.of(value);
  }
}
