package dev.windrow.query.question;

import dev.windrow.rollup.TimeRange;
import java.time.ZoneId;
import java.util.Arrays;

/**
 * The stretches that a window is cut into: disjoint, in order, covering it. The first and the last
 * are cut to the window; an empty window without a unit is one empty stretch, with a unit none.
 */
public final class Intervals {
  /** More would be a list of rows that nobody can read. */
  public static final int MAX_COUNT = 50_000;

  // The beginning of each stretch, ascending.
  private final long[] starts;
  private final long end;
  private final boolean cut;

  private Intervals(long[] starts, long end, boolean cut) {
    this.starts = starts;
    this.end = end;
    this.cut = cut;
  }

  /**
   * Cuts a window.
   *
   * @throws TooManyIntervalsException beyond {@link #MAX_COUNT}
   */
  public static Intervals of(TimeRange window, IntervalUnit unit, ZoneId zone) {
    long from = window.fromMicros();
    long to = window.toMicros();
    if (unit == IntervalUnit.NONE) {
      return new Intervals(new long[] {from}, to, false);
    }
    IntervalCuts cuts = new IntervalCuts(unit, zone);
    long[] starts = new long[16];
    int count = 0;
    for (long start = from; start < to; start = cuts.after(start)) {
      if (count == MAX_COUNT) {
        throw new TooManyIntervalsException();
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = start;
    }
    return new Intervals(Arrays.copyOf(starts, count), to, true);
  }

  /**
   * The same stretches, as far as they lie in a part of the window.
   *
   * @param part within the window
   */
  public Intervals within(TimeRange part) {
    long from = part.fromMicros();
    long to = part.toMicros();
    long[] later = Arrays.stream(starts).filter(start -> start > from && start < to).toArray();
    if (cut && part.isEmpty()) {
      return new Intervals(later, to, true);
    }
    long[] all = new long[later.length + 1];
    all[0] = from;
    System.arraycopy(later, 0, all, 1, later.length);
    return new Intervals(all, to, cut);
  }

  /** The first beginning of such a stretch after an instant; both in microseconds. */
  public static long nextAfter(long micros, IntervalUnit unit, ZoneId zone) {
    return new IntervalCuts(unit, zone).after(micros);
  }

  public int count() {
    return starts.length;
  }

  /** Whether an interval was asked for: then a stretch without events has no row. */
  public boolean cut() {
    return cut;
  }

  /** The beginnings, ascending; a copy. */
  public long[] starts() {
    return starts.clone();
  }

  public TimeRange range(int index) {
    return new TimeRange(starts[index], index + 1 < starts.length ? starts[index + 1] : end);
  }

  /** The stretch that an instant of the window belongs to. */
  public int indexOf(long micros) {
    int found = Arrays.binarySearch(starts, micros);
    return found >= 0 ? found : -found - 2;
  }

  /** Whether they are the same stretches, whatever unit and zone have cut them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Intervals that
        && cut == that.cut
        && end == that.end
        && Arrays.equals(starts, that.starts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(starts) + Long.hashCode(end);
  }

  /** The window has more stretches than an answer may have. */
  public static final class TooManyIntervalsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyIntervalsException() {
      super("at most " + MAX_COUNT + " intervals in the window", null, false, false);
    }

    public String rule() {
      return String.valueOf(getMessage());
    }
  }
}
