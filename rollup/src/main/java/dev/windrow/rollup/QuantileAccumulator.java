package dev.windrow.rollup;

import java.util.Arrays;

/**
 * Counts per bin while a {@link QuantileSketch} is being built: a hash table with linear probing,
 * whose size follows the number of bins in use and not their distance; and beside it the largest
 * sketch that was merged, as it is. So a few values are added to a large sketch without taking it
 * apart. For one thread.
 */
final class QuantileAccumulator {
  private static final int INITIAL_CAPACITY = 4;
  private static final int GOLDEN_RATIO = 0x9E3779B9;

  private int[] bins = new int[INITIAL_CAPACITY];

  /** 0 marks a free slot. */
  private long[] counts = new long[INITIAL_CAPACITY];

  private int used;
  private QuantileSketch largest = QuantileSketch.empty();

  /** Adds {@code count >= 1} values of a bin. */
  void add(int bin, long count) {
    int slot = slotOf(bin);
    if (counts[slot] != 0) {
      counts[slot] = Math.addExact(counts[slot], count);
      return;
    }
    bins[slot] = bin;
    counts[slot] = count;
    used++;
    if (used > bins.length / 4 * 3) {
      grow();
    }
  }

  void merge(QuantileSketch sketch) {
    QuantileSketch smaller = sketch;
    if (sketch.bins() > largest.bins()) {
      smaller = largest;
      largest = sketch;
    }
    smaller.forEachBin(this::add);
  }

  void merge(QuantileAccumulator other) {
    merge(other.largest);
    for (int slot = 0; slot < other.bins.length; slot++) {
      if (other.counts[slot] != 0) {
        add(other.bins[slot], other.counts[slot]);
      }
    }
  }

  QuantileSketch toSketch() {
    return largest.merge(sorted());
  }

  private QuantileSketch sorted() {
    long[] order = new long[used];
    int n = 0;
    for (int slot = 0; slot < bins.length; slot++) {
      if (counts[slot] != 0) {
        order[n] = ((long) bins[slot] << Integer.SIZE) | slot;
        n++;
      }
    }
    Arrays.sort(order);
    int[] sortedBins = new int[used];
    long[] sortedCounts = new long[used];
    for (int i = 0; i < used; i++) {
      int slot = (int) order[i];
      sortedBins[i] = bins[slot];
      sortedCounts[i] = counts[slot];
    }
    return QuantileSketch.owning(sortedBins, sortedCounts);
  }

  private int slotOf(int bin) {
    int mask = bins.length - 1;
    // The top bits of the product: neighbouring bins, which come together, scatter.
    int slot = (bin * GOLDEN_RATIO) >>> Integer.numberOfLeadingZeros(mask);
    while (counts[slot] != 0 && bins[slot] != bin) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldBins = bins;
    long[] oldCounts = counts;
    bins = new int[oldBins.length * 2];
    counts = new long[bins.length];
    for (int i = 0; i < oldBins.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slotOf(oldBins[i]);
        bins[slot] = oldBins[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
