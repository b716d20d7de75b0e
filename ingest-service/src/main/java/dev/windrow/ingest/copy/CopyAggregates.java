package dev.windrow.ingest.copy;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.SquareSum;

/** Writes aggregates: deltas and buckets have the same columns. */
public final class CopyAggregates {
  public static final String DELTAS = sql("rollup_deltas", "");
  public static final String BUCKETS = sql("rollup_buckets", "");

  /** Buckets that say which run wrote them. */
  public static final String REBUILT_BUCKETS = sql("rollup_buckets", ", run_id");

  private static final int COLUMNS = 15;
  // Shorter than NULL: a row without any NULL has no bitmap of them.
  private static final byte[] NOT_KNOWN = {};

  private CopyAggregates() {}

  public static void append(CopyFrame frame, int tenantId, AggregateRow row) {
    frame.row(COLUMNS);
    columns(frame, tenantId, row);
  }

  /** Writes a row of {@link #REBUILT_BUCKETS}. */
  public static void appendRebuilt(CopyFrame frame, int tenantId, AggregateRow row, long runId) {
    frame.row(COLUMNS + 1);
    columns(frame, tenantId, row);
    frame.bigintField(runId);
  }

  private static void columns(CopyFrame frame, int tenantId, AggregateRow row) {
    Aggregate aggregate = row.aggregate();
    boolean hasValues = aggregate.valueCount() > 0;
    frame.integerField(tenantId);
    frame.integerField(row.rollupId());
    frame.smallintField(row.grain().code());
    frame.timestampField(row.startMicros());
    frame.textArrayField(row.key());
    frame.bigintField(aggregate.count());
    frame.bigintField(aggregate.valueCount());
    frame.numericField(aggregate.valueSum());
    frame.doubleField(hasValues ? (Double) aggregate.valueMin() : null);
    frame.doubleField(hasValues ? (Double) aggregate.valueMax() : null);
    frame.numericField(aggregate.amountSum());
    frame.byteaField(aggregate.values().toBytes());
    frame.byteaField(aggregate.entities().toBytes());
    LatestEvent latest = aggregate.latest();
    frame.byteaField(latest == null ? NOT_KNOWN : latest.toBytes());
    SquareSum squares = aggregate.valueSquares();
    frame.byteaField(squares == null ? NOT_KNOWN : squares.toBytes());
  }

  private static String sql(String table, String more) {
    return """
        COPY %s (tenant_id, rollup_id, grain, start_at, key, event_count, value_count, value_sum,
                 value_min, value_max, amount_sum, value_sketch, entity_sketch,
                 latest, value_squares%s)
        FROM STDIN (FORMAT binary)
        """
        .formatted(table, more);
  }
}
