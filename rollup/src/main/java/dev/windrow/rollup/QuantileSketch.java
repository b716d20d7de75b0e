package dev.windrow.rollup;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How many values fell into each of the {@linkplain LogBins logarithmic bins}: a DDSketch (Masson,
 * Rim, Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees",
 * VLDB 2019) that never collapses bins. It is a pure function of the multiset of values, so merging
 * is associative and commutative and equal states have equal bytes. A sketch has at most 146,861
 * bins, and no more than it has distinct values. Immutable.
 */
public final class QuantileSketch {
  /**
   * The bound on |answer - exact| / |exact|. Below {@code Double.MIN_NORMAL}, where doubles are
   * sparse, rounding can add half the smallest subnormal.
   */
  public static final double RELATIVE_ERROR = 0.01;

  /**
   * How far below a bound, relative to it, a value may lie that {@link #histogram} counts as above:
   * exp(1/50) - 1, the width of a bin, rounded up.
   */
  public static final double BOUND_ERROR = 0.0203;

  private static final QuantileSketch EMPTY = new QuantileSketch(new int[0], new long[0], 0);

  /** Ascending, distinct. */
  private final int[] bins;

  /** Of each bin, at least 1. */
  private final long[] counts;

  private final long count;

  private QuantileSketch(int[] bins, long[] counts, long count) {
    this.bins = bins;
    this.counts = counts;
    this.count = count;
  }

  public static QuantileSketch empty() {
    return EMPTY;
  }

  /** Takes the arrays themselves: ascending bins and their positive counts. */
  static QuantileSketch owning(int[] bins, long[] counts) {
    if (bins.length == 0) {
      return EMPTY;
    }
    long total = 0;
    for (long n : counts) {
      total = Math.addExact(total, n);
    }
    return new QuantileSketch(bins, counts, total);
  }

  /** The number of values. */
  public long count() {
    return count;
  }

  /** About how much memory it takes, in bytes. */
  public int weight() {
    return bins.length * (Integer.BYTES + Long.BYTES);
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * The value at rank {@code ceil(p * count)}, counted from 1 and at least 1, in ascending order;
   * within {@link #RELATIVE_ERROR} of the exact one. The rank is computed in decimal, so the
   * 0.07-quantile of 100 values is the 7th.
   *
   * @param p from 0 to 1
   * @param min the exact least value, or negative infinity if it is not known
   * @param max the exact greatest value, or positive infinity if it is not known
   * @return empty if there are no values
   * @throws IllegalArgumentException if p is not within 0 and 1, or min is not at most max while
   *     there are values
   */
  public OptionalDouble quantile(double p, double min, double max) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("quantile: must be between 0 and 1, got " + p);
    }
    if (count == 0) {
      return OptionalDouble.empty();
    }
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "quantile: min must be at most max, got " + min + " and " + max);
    }
    long rank = rank(p);
    if (rank == 1 && Double.isFinite(min)) {
      return OptionalDouble.of(min);
    }
    if (rank == count && Double.isFinite(max)) {
      return OptionalDouble.of(max);
    }
    int i = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[i]) {
      i++;
    }
    return OptionalDouble.of(Math.min(max, Math.max(min, LogBins.representative(bins[i]))));
  }

  /**
   * How many values lie below the first bound, from each bound to the next, and from the last one
   * on. A value that equals a bound is above it, and so are those that share its bin.
   *
   * @param bounds finite, ascending
   * @return one count more than there are bounds
   */
  public List<Long> histogram(List<Double> bounds) {
    List<Long> buckets = new ArrayList<>(bounds.size() + 1);
    int i = 0;
    for (double bound : bounds) {
      int bin = LogBins.of(bound);
      long below = 0;
      for (; i < bins.length && bins[i] < bin; i++) {
        below += counts[i];
      }
      buckets.add(below);
    }
    long rest = 0;
    for (; i < bins.length; i++) {
      rest += counts[i];
    }
    buckets.add(rest);
    return buckets;
  }

  public QuantileSketch merge(QuantileSketch other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    int[] mergedBins = new int[bins.length + other.bins.length];
    long[] mergedCounts = new long[mergedBins.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < bins.length || j < other.bins.length) {
      boolean mine = j == other.bins.length || (i < bins.length && bins[i] <= other.bins[j]);
      boolean theirs = i == bins.length || (j < other.bins.length && other.bins[j] <= bins[i]);
      mergedBins[n] = mine ? bins[i] : other.bins[j];
      if (mine) {
        mergedCounts[n] = counts[i];
        i++;
      }
      if (theirs) {
        mergedCounts[n] = Math.addExact(mergedCounts[n], other.counts[j]);
        j++;
      }
      n++;
    }
    return new QuantileSketch(
        Arrays.copyOf(mergedBins, n),
        Arrays.copyOf(mergedCounts, n),
        Math.addExact(count, other.count));
  }

  /** The stored form, described in the module's README; no bytes for an empty sketch. */
  public byte[] toBytes() {
    return QuantileSketchFormat.encode(bins, counts);
  }

  /**
   * The sketch that {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if no sketch has these bytes
   */
  public static QuantileSketch fromBytes(byte[] bytes) {
    return QuantileSketchFormat.decode(bytes);
  }

  /** How many bins have values. */
  int bins() {
    return bins.length;
  }

  /** Visits the bins in ascending order. */
  void forEachBin(BinVisitor visitor) {
    for (int i = 0; i < bins.length; i++) {
      visitor.visit(bins[i], counts[i]);
    }
  }

  private long rank(double p) {
    BigDecimal exact = BigDecimal.valueOf(p).multiply(BigDecimal.valueOf(count));
    return Math.max(1, exact.setScale(0, RoundingMode.CEILING).longValueExact());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QuantileSketch that
        && Arrays.equals(bins, that.bins)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bins) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "QuantileSketch[count=" + count + ", bins=" + bins.length + "]";
  }

  /** Receives a bin of {@link LogBins} and its count. */
  interface BinVisitor {
    void visit(int bin, long count);
  }
}
