package dev.windrow.ingest.compaction;

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
 * <p>Source: PostgreSQL, rowtypes.c, numeric.c, arrayfuncs.c.
 */
final class AggregateRecord {
  private static final int COLUMNS = 12;
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final int NEGATIVE = 0x4000;
  private static final int BASE = 10_000;
  private static final int DIGITS = 4;
  private static final BigInteger BIG_BASE = BigInteger.valueOf(BASE);
  // As many digits of the base as a long takes.
  private static final int LONG_GROUPS = 4;

  private AggregateRecord() {}

  /**
   * The row of a record of rollup_id, grain, start_at, key, event_count, value_count, value_sum,
   * value_min, value_max, amount_sum, value_sketch, entity_sketch.
   */
  static AggregateRow read(byte[] record) {
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
    BigDecimal valueSum = numeric(in);
    Double min = real(in);
    Double max = real(in);
    begin(in);
    BigInteger amountSum = numeric(in).toBigIntegerExact();
    byte[] values = bytes(in, begin(in));
    byte[] entities = bytes(in, begin(in));
    return new AggregateRow(
        rollupId,
        grain,
        start,
        key,
        Aggregate.of(count, valueCount, valueSum, min, max, amountSum, values, entities));
  }

  /** The length of the next column; -1 for NULL. */
  private static int begin(ByteBuffer in) {
    in.getInt();
    return in.getInt();
  }

  private static @Nullable Double real(ByteBuffer in) {
    return begin(in) < 0 ? null : (Double) in.getDouble();
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

  private static BigDecimal numeric(ByteBuffer in) {
    int groups = in.getShort();
    int weight = in.getShort();
    boolean negative = in.getShort() == NEGATIVE;
    int scale = in.getShort();
    BigInteger unscaled = BigInteger.ZERO;
    long small = 0;
    for (int i = 0; i < groups; i++) {
      int digit = in.getShort();
      if (i < LONG_GROUPS) {
        small = small * BASE + digit;
      } else {
        unscaled =
            (i == LONG_GROUPS ? BigInteger.valueOf(small) : unscaled)
                .multiply(BIG_BASE)
                .add(BigInteger.valueOf(digit));
      }
    }
    if (groups <= LONG_GROUPS) {
      unscaled = BigInteger.valueOf(small);
    }
    // The last group stands for 10000 to the power of weight - groups + 1.
    BigDecimal number =
        new BigDecimal(negative ? unscaled.negate() : unscaled, DIGITS * (groups - 1 - weight));
    return number.setScale(scale);
  }
}
