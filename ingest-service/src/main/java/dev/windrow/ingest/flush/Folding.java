package dev.windrow.ingest.flush;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.GrainTally;
import java.util.List;

/**
 * How events have folded into one rollup, and what that tells of other grains.
 *
 * @param grain of the rows
 * @param rows that the events left
 * @param spans buckets of the grain that they touched
 */
record Folding(Grain grain, long events, int rows, int spans) {
  static final Folding UNKNOWN = new Folding(Grain.MINUTE, 0, 0, 0);

  // Beyond so many keys nothing folds anyway.
  private static final double MOST_KEYS = 1e9;
  private static final int HALVINGS = 60;

  static Folding of(Grain grain, GrainTally.Share share) {
    return new Folding(grain, share.events(), share.rows(), share.spans());
  }

  /**
   * How many rows to expect of other events.
   *
   * @param fine the grain of the rows
   * @param others how many events are in each span of that grain that they touch: a full hour, and
   *     late events in many others, leave fewer rows than as many events that are spread evenly
   */
  double expectedRows(Grain fine, List<Integer> others) {
    int all = others.stream().mapToInt(Integer::intValue).sum();
    if (grain == fine) {
      return (double) all * rows / events;
    }
    if (grain.micros() > fine.micros()) {
      return Math.min(all, others.size() * rowsPerSpan());
    }
    double keys = keys();
    return others.stream().mapToDouble(of -> Math.min(of, distinct(keys, of))).sum();
  }

  /**
   * How many keys there are in all, if each is as likely as any other. Where some are rarer there
   * are more; a coarser grain then folds worse than expected, which its own folding will tell.
   */
  private double keys() {
    double perSpan = (double) events / spans;
    double low = rowsPerSpan();
    double high = MOST_KEYS;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      if (distinct(middle, perSpan) < rowsPerSpan()) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** How many of so many keys are expected among some events. */
  private static double distinct(double keys, double events) {
    return -keys * Math.expm1(-events / keys);
  }

  private double rowsPerSpan() {
    return (double) rows / Math.max(1, spans);
  }
}
