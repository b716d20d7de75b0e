package dev.windrow.query.read;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupKey;
import io.r2dbc.spi.Row;
import java.util.List;

/**
 * A row that is an aggregate: of a bucket or delta, or of those that PostgreSQL grouped.
 *
 * @param rows how many stored rows it is made of
 */
record FoldRow(
    int interval, RollupKey group, List<Long> shareCounts, long rows, Aggregate aggregate) {

  /** Reads the columns of {@link AggregateColumns}. */
  static FoldRow of(Row row, RowShape shape) {
    int at = shape.width();
    return new FoldRow(
        shape.interval(row),
        shape.group(row),
        shape.shareCounts(row),
        Columns.bigint(row, at),
        Aggregate.of(
            Columns.bigint(row, at + 1),
            Columns.bigint(row, at + 2),
            Columns.numeric(row, at + 3),
            Columns.nullableReal(row, at + 4),
            Columns.nullableReal(row, at + 5),
            Columns.numeric(row, at + 6).toBigIntegerExact(),
            Columns.nullableBytes(row, at + 7),
            Columns.nullableBytes(row, at + 8),
            null,
            Columns.nullableBytes(row, at + 9)));
  }
}
