package dev.windrow.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The mergeable summary of a set of events. {@link #merge} is associative and commutative with the
 * identity {@link #empty}, down to the last bit of every field; so an answer does not depend on
 * which partial aggregates it was merged from.
 *
 * @param count the number of events
 * @param valueCount the number of events with a value
 * @param valueSum the exact sum of the values, in the canonical form of {@link
 *     ExactSum#toBigDecimal}
 * @param valueMin the least value; positive infinity if there is none
 * @param valueMax the greatest value; negative infinity if there is none
 * @param amountSum the exact sum of the amounts, in minor units
 * @param values the distribution of the values; empty if it was not read
 * @param entities the distinct entities; empty if they were not read
 * @param latest the newest event; null if there is none, if it was not read, or if it is not known:
 *     what is merged from a part whose newest event is not known does not know it either
 * @param valueSquares the exact sum of the squares of the values; null if there is no value, if it
 *     was not read, or if it is not known, likewise
 */
public record Aggregate(
    long count,
    long valueCount,
    BigDecimal valueSum,
    double valueMin,
    double valueMax,
    BigInteger amountSum,
    QuantileSketch values,
    EntitySketch entities,
    @Nullable LatestEvent latest,
    @Nullable SquareSum valueSquares) {
  private static final Aggregate EMPTY =
      new Aggregate(
          0,
          0,
          BigDecimal.ZERO,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          BigInteger.ZERO,
          QuantileSketch.empty(),
          EntitySketch.empty(),
          null,
          null);

  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if the counts are negative or contradict each other or the
   *     bounds
   */
  public Aggregate {
    if (valueCount < 0 || valueCount > count) {
      throw new IllegalArgumentException(
          "aggregate: must have 0 <= value count <= count, got " + valueCount + " and " + count);
    }
    boolean bounded =
        Double.isFinite(valueMin) && Double.isFinite(valueMax) && valueMin <= valueMax;
    boolean unbounded =
        valueMin == Double.POSITIVE_INFINITY && valueMax == Double.NEGATIVE_INFINITY;
    if (valueCount == 0 ? !unbounded : !bounded) {
      throw new IllegalArgumentException(
          "aggregate: min and max must bound "
              + valueCount
              + " values, got "
              + valueMin
              + " and "
              + valueMax);
    }
    if (valueCount == 0 && (valueSum.signum() != 0 || !values.isEmpty() || valueSquares != null)) {
      throw new IllegalArgumentException(
          "aggregate: without values there must be no sum and no sketch, got "
              + valueSum
              + ", "
              + values
              + " and "
              + valueSquares);
    }
    if (count == 0 && (amountSum.signum() != 0 || !entities.isEmpty())) {
      throw new IllegalArgumentException(
          "aggregate: without events there must be no amount and no entity, got "
              + amountSum
              + " and "
              + entities);
    }
    if (count == 0 && latest != null) {
      throw new IllegalArgumentException(
          "aggregate: without events there must be no latest one, got " + latest);
    }
    // Adding 0.0 turns -0.0 into 0.0: the two are one value here.
    valueMin += 0.0;
    valueMax += 0.0;
    valueSum = ExactSum.canonical(valueSum);
  }

  /** The aggregate of no events. */
  public static Aggregate empty() {
    return EMPTY;
  }

  /**
   * The aggregate that was stored as these columns, without its newest event and sum of squares.
   *
   * @param valueMin null if there is no value
   * @param valueMax null if there is no value
   * @param valueSketch null if it was not read
   * @param entitySketch null if it was not read
   * @throws IllegalArgumentException if no aggregate is stored so
   */
  public static Aggregate of(
      long count,
      long valueCount,
      BigDecimal valueSum,
      @Nullable Double valueMin,
      @Nullable Double valueMax,
      BigInteger amountSum,
      byte @Nullable [] valueSketch,
      byte @Nullable [] entitySketch) {
    return of(
        count,
        valueCount,
        valueSum,
        valueMin,
        valueMax,
        amountSum,
        valueSketch,
        entitySketch,
        null,
        null);
  }

  /**
   * The aggregate that was stored as these columns.
   *
   * @param valueMin null if there is no value
   * @param valueMax null if there is no value
   * @param valueSketch null if it was not read
   * @param entitySketch null if it was not read
   * @param latest null or empty if it is not known
   * @param valueSquares null or empty if there is no value or if it is not known
   * @throws IllegalArgumentException if no aggregate is stored so
   */
  public static Aggregate of(
      long count,
      long valueCount,
      BigDecimal valueSum,
      @Nullable Double valueMin,
      @Nullable Double valueMax,
      BigInteger amountSum,
      byte @Nullable [] valueSketch,
      byte @Nullable [] entitySketch,
      byte @Nullable [] latest,
      byte @Nullable [] valueSquares) {
    return new Aggregate(
        count,
        valueCount,
        valueSum,
        valueMin == null ? Double.POSITIVE_INFINITY : valueMin,
        valueMax == null ? Double.NEGATIVE_INFINITY : valueMax,
        amountSum,
        valueSketch == null ? QuantileSketch.empty() : QuantileSketch.fromBytes(valueSketch),
        entitySketch == null ? EntitySketch.empty() : EntitySketch.fromBytes(entitySketch),
        latest == null || latest.length == 0 ? null : LatestEvent.fromBytes(latest),
        valueSquares == null || valueSquares.length == 0
            ? null
            : SquareSum.fromBytes(valueSquares));
  }

  /** Whether the sum of the squares of its values is known. */
  public boolean knowsSquares() {
    return valueCount == 0 || valueSquares != null;
  }

  /** The aggregate of the events of both; to merge many, use an {@link AggregateAccumulator}. */
  public Aggregate merge(Aggregate other) {
    AggregateAccumulator sum = new AggregateAccumulator();
    sum.merge(this);
    sum.merge(other);
    return sum.toAggregate();
  }
}
