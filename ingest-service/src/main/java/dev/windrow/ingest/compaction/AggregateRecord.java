package dev.windrow.ingest.compaction;

import dev.windrow.ingest.copy.NumericDigits;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads aggregates as PostgreSQL's {@code record_send} writes them: the number of columns, then for
 * each its type, its length and its value as the type's own send function writes it.
 *
 * <p>Source: PostgreSQL, rowtypes.c, arrayfuncs.c.
 */
public final class AggregateRecord {
  private static final int COLUMNS = 14;
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private AggregateRecord() {}

  /**
   * The row of a record of rollup_id, grain, start_at, key, event_count, value_count, value_sum,
   * value_min, value_max, amount_sum, value_sketch, entity_sketch, latest, value_squares.
   */
  public static AggregateRow read(byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record);
    int columns = in.getInt();
    if (columns != COLUMNS) {
      throw new IllegalStateException("record: must have " + COLUMNS + " columns, got " + columns);
    }
    begin(in);
    int rollupId = in.getInt();
    begin(in);
    Grain grain = Grain.ofCode(in.getShort());
    begin(in);
    long start = in.getLong() + EPOCH_MICROS;
    begin(in);
    RollupKey key = key(in);
    begin(in);
    long count = in.getLong();
    begin(in);
    long valueCount = in.getLong();
    begin(in);
    BigDecimal valueSum = NumericDigits.read(in);
    Double min = real(in);
    Double max = real(in);
    begin(in);
    BigInteger amountSum = NumericDigits.read(in).toBigIntegerExact();
    byte[] values = bytes(in, begin(in));
    byte[] entities = bytes(in, begin(in));
    byte[] latest = nullableBytes(in);
    byte[] squares = nullableBytes(in);
    return new AggregateRow(
        rollupId,
        grain,
        start,
        key,
        Aggregate.of(
            count, valueCount, valueSum, min, max, amountSum, values, entities, latest, squares));
  }

  /** The length of the next column; -1 for NULL. */
  private static int begin(ByteBuffer in) {
    in.getInt();
    return in.getInt();
  }

  private static @Nullable Double real(ByteBuffer in) {
    return begin(in) < 0 ? null : (Double) in.getDouble();
  }

  private static byte @Nullable [] nullableBytes(ByteBuffer in) {
    int length = begin(in);
    return length < 0 ? null : bytes(in, length);
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static RollupKey key(ByteBuffer in) {
    int dimensions = in.getInt();
    in.getInt();
    in.getInt();
    if (dimensions != 1) {
      throw new IllegalStateException("key: must have one dimension, got " + dimensions);
    }
    String[] values = new String[in.getInt()];
    in.getInt();
    for (int i = 0; i < values.length; i++) {
      int length = in.getInt();
      values[i] =
          new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
      in.position(in.position() + length);
    }
    return RollupKey.of(values);
  }
}
