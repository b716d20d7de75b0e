package dev.windrow.rollup;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Aggregate} in the making, for one thread. A flush holds tens of thousands of these, so
 * a part is allocated when the first event needs it.
 */
public final class AggregateAccumulator {
  private long count;
  private long valueCount;
  private double valueMin = Double.POSITIVE_INFINITY;
  private double valueMax = Double.NEGATIVE_INFINITY;
  private @Nullable ExactSum valueSum;
  private @Nullable QuantileAccumulator values;
  private @Nullable EntityAccumulator entities;

  /**
   * The sum of the amounts is this plus {@link #carriedAmount}, which takes what would not fit 64
   * bits.
   */
  private long amount;

  private @Nullable BigInteger carriedAmount;

  private @Nullable SquareAccumulator squares;

  /** Values whose squares are in {@link #squares}: if not all, their sum is not known. */
  private long squaredCount;

  private @Nullable LatestAccumulator latest;

  /** Events among which {@link #latest} is the newest: if not all, the newest is not known. */
  private long latestCount;

  /**
   * Adds one event; which one is the newest is not known from then on.
   *
   * @param value finite; ignored unless {@code hasValue}
   * @param amount in minor units; 0 if absent
   * @param entityHash the {@link EntitySketch#hash} of its entity
   * @throws IllegalArgumentException if the value is NaN or infinite; nothing is added then
   */
  public void add(boolean hasValue, double value, long amount, long entityHash) {
    if (hasValue) {
      requireFinite(value);
      add(true, value, LogBins.of(value), amount, entityHash);
    } else {
      add(false, 0, 0, amount, entityHash);
    }
  }

  /**
   * Adds one event to counts, sums and bounds: not to the sketches, nor to the sum of squares, for
   * those who read none.
   *
   * @param value finite; ignored unless {@code hasValue}
   * @param amount in minor units; 0 if absent
   * @throws IllegalArgumentException if the value is NaN or infinite; nothing is added then
   */
  public void addUnsketched(boolean hasValue, double value, long amount) {
    if (hasValue) {
      requireFinite(value);
    }
    addSums(hasValue, value, amount);
  }

  /**
   * Adds the square of a value, of an event that was added without.
   *
   * @param value finite
   */
  public void addSquare(double value) {
    squaredCount++;
    squares().add(value);
  }

  /** Adds one event whose value is known to be finite and to lie in a bin of {@link LogBins}. */
  void add(boolean hasValue, double value, int bin, long amount, long entityHash) {
    addSums(hasValue, value, amount);
    if (hasValue) {
      addSquare(value);
      values().add(bin, 1);
    }
    entities().add(entityHash);
  }

  /** Tells which event was the last one that was added. */
  void addLatest(EventFacts event) {
    latestCount++;
    latest().add(event);
  }

  /** Adds the events of an aggregate. */
  public void merge(Aggregate aggregate) {
    count = Math.addExact(count, aggregate.count());
    valueCount = Math.addExact(valueCount, aggregate.valueCount());
    if (aggregate.valueCount() > 0) {
      bound(aggregate.valueMin(), aggregate.valueMax());
      valueSum().add(aggregate.valueSum());
    }
    if (!aggregate.values().isEmpty()) {
      values().merge(aggregate.values());
    }
    mergeAmount(aggregate.amountSum());
    if (!aggregate.entities().isEmpty()) {
      entities().merge(aggregate.entities());
    }
    SquareSum squared = aggregate.valueSquares();
    if (squared != null) {
      squaredCount += aggregate.valueCount();
      squares().merge(squared);
    }
    LatestEvent newest = aggregate.latest();
    if (newest != null) {
      latestCount += aggregate.count();
      latest().merge(newest);
    }
  }

  /** Adds the events of another accumulator, which stays as it is. */
  void merge(AggregateAccumulator other) {
    count = Math.addExact(count, other.count);
    valueCount = Math.addExact(valueCount, other.valueCount);
    bound(other.valueMin, other.valueMax);
    if (other.valueSum != null) {
      valueSum().merge(other.valueSum);
    }
    if (other.values != null) {
      values().merge(other.values);
    }
    addAmount(other.amount);
    if (other.carriedAmount != null) {
      carryAmount(other.carriedAmount);
    }
    if (other.entities != null) {
      entities().merge(other.entities);
    }
    squaredCount += other.squaredCount;
    if (other.squares != null) {
      squares().merge(other.squares);
    }
    latestCount += other.latestCount;
    if (other.latest != null) {
      latest().merge(other.latest);
    }
  }

  /** The number of events. */
  long count() {
    return count;
  }

  /** The aggregate of everything added so far. This accumulator can go on. */
  public Aggregate toAggregate() {
    if (count == 0) {
      return Aggregate.empty();
    }
    BigInteger amountSum = BigInteger.valueOf(amount);
    return new Aggregate(
        count,
        valueCount,
        valueSum == null ? Aggregate.empty().valueSum() : valueSum.toBigDecimal(),
        valueMin,
        valueMax,
        carriedAmount == null ? amountSum : carriedAmount.add(amountSum),
        values == null ? QuantileSketch.empty() : values.toSketch(),
        entities == null ? EntitySketch.empty() : entities.toSketch(),
        latest == null || latestCount < count ? null : latest.toEvent(),
        squares == null || squaredCount < valueCount ? null : squares.toSum());
  }

  static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: must be finite, got " + value);
    }
  }

  private void bound(double min, double max) {
    valueMin = Math.min(valueMin, min);
    valueMax = Math.max(valueMax, max);
  }

  private void addSums(boolean hasValue, double value, long more) {
    count++;
    if (hasValue) {
      valueCount++;
      bound(value, value);
      valueSum().add(value);
    }
    addAmount(more);
  }

  private void addAmount(long more) {
    long sum = amount + more;
    if (((amount ^ sum) & (more ^ sum)) < 0) {
      carryAmount(BigInteger.valueOf(amount));
      sum = more;
    }
    amount = sum;
  }

  private void mergeAmount(BigInteger more) {
    if (more.bitLength() < Long.SIZE) {
      addAmount(more.longValue());
    } else {
      carryAmount(more);
    }
  }

  private void carryAmount(BigInteger more) {
    carriedAmount = carriedAmount == null ? more : carriedAmount.add(more);
  }

  private ExactSum valueSum() {
    if (valueSum == null) {
      valueSum = new ExactSum();
    }
    return valueSum;
  }

  private QuantileAccumulator values() {
    if (values == null) {
      values = new QuantileAccumulator();
    }
    return values;
  }

  private SquareAccumulator squares() {
    if (squares == null) {
      squares = new SquareAccumulator();
    }
    return squares;
  }

  private LatestAccumulator latest() {
    if (latest == null) {
      latest = new LatestAccumulator();
    }
    return latest;
  }

  private EntityAccumulator entities() {
    if (entities == null) {
      entities = new EntityAccumulator();
    }
    return entities;
  }
}
