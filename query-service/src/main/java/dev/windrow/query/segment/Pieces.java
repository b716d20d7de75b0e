package dev.windrow.query.segment;

import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.Tier;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the segments of a plan into pieces that other windows have, too: of hours and of days each
 * is a power of two long and begins at a multiple of its length. So a window that has moved on by a
 * day shares all but a few pieces with the one before, what comes late spoils one piece and not the
 * window, and n days are at most 2 log2 n pieces. Minutes and raw events are not cut: such segments
 * are the ends of windows.
 */
final class Pieces {
  /** Buckets in a row. */
  private static final long LONGEST = 32;

  private Pieces() {}

  /** The pieces, in order of time. */
  static List<Segment> of(WindowPlan plan) {
    List<Segment> pieces = new ArrayList<>();
    for (Segment segment : plan.segments()) {
      switch (segment.tier()) {
        case HOUR, DAY -> cut(segment, WindowPlan.grainOf(segment).micros(), pieces);
        case RAW, MINUTE -> pieces.add(segment);
      }
    }
    return pieces;
  }

  /** The same with neighbours of one tier joined again. */
  static List<Segment> joined(List<Segment> pieces) {
    List<Segment> joined = new ArrayList<>();
    for (Segment piece : pieces) {
      int last = joined.size() - 1;
      if (last >= 0 && isNext(joined.get(last), piece)) {
        TimeRange both =
            new TimeRange(joined.get(last).range().fromMicros(), piece.range().toMicros());
        joined.set(last, new Segment(piece.tier(), both));
      } else {
        joined.add(piece);
      }
    }
    return joined;
  }

  private static boolean isNext(Segment one, Segment other) {
    return one.tier() == other.tier() && one.range().toMicros() == other.range().fromMicros();
  }

  private static void cut(Segment segment, long width, List<Segment> pieces) {
    Tier tier = segment.tier();
    long at = segment.range().fromMicros() / width;
    long end = segment.range().toMicros() / width;
    while (at < end) {
      long length = LONGEST;
      while (Math.floorMod(at, length) != 0 || at + length > end) {
        length /= 2;
      }
      pieces.add(new Segment(tier, new TimeRange(at * width, (at + length) * width)));
      at += length;
    }
  }
}
