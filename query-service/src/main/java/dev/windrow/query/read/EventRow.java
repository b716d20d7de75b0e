package dev.windrow.query.read;

import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.RollupKey;
import io.r2dbc.spi.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row that is one event. */
record EventRow(
    int interval,
    RollupKey group,
    List<Long> shareCounts,
    boolean hasValue,
    double value,
    long amount,
    long entityHash) {

  /** Reads the columns of {@link SelectEvents}. */
  static EventRow of(Row row, RowShape shape, boolean entities) {
    int at = shape.width();
    Double value = Columns.nullableReal(row, at);
    Long amount = Columns.nullableBigint(row, at + 1);
    return new EventRow(
        shape.interval(row),
        shape.group(row),
        shape.shareCounts(row),
        value != null,
        orZero(value),
        amount == null ? 0 : amount,
        entities ? EntitySketch.hash(Columns.text(row, at + 2)) : 0);
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }
}
