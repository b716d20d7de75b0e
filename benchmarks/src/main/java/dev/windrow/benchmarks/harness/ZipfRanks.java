package dev.windrow.benchmarks.harness;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Ranks from 0 whose frequency is proportional to 1 / (rank + 1). */
final class ZipfRanks {
  private final double[] upTo;

  ZipfRanks(int count) {
    upTo = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1.0 / (i + 1);
      upTo[i] = sum;
    }
  }

  int next(SplittableRandom random) {
    int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(found < 0 ? -found - 1 : found, upTo.length - 1);
  }
}
