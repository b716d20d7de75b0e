package dev.windrow.query.plan;

import dev.windrow.query.question.Intervals;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits stretches of time into whole buckets, the coarsest first, and raw edges. Neighbours of the
 * same tier become one segment, across stretches too: their rows still tell which stretch they are
 * of.
 */
final class WindowCover {
  private final List<Grain> coarseToFine;
  private final List<Segment> segments = new ArrayList<>();

  private WindowCover(Set<Grain> grains) {
    coarseToFine = new ArrayList<>(grains);
    coarseToFine.sort((a, b) -> Long.compare(b.micros(), a.micros()));
  }

  /** The segments for these stretches by buckets of these grains; none means raw events only. */
  static List<Segment> of(Intervals intervals, Set<Grain> grains) {
    WindowCover cover = new WindowCover(grains);
    for (int i = 0; i < intervals.count(); i++) {
      TimeRange range = intervals.range(i);
      cover.split(range.fromMicros(), range.toMicros(), 0);
    }
    return List.copyOf(cover.segments);
  }

  private void split(long from, long to, int level) {
    if (from == to) {
      return;
    }
    if (level == coarseToFine.size()) {
      append(Tier.RAW, from, to);
      return;
    }
    Grain grain = coarseToFine.get(level);
    long first = grain.ceil(from);
    long last = grain.floor(to);
    if (first >= last) {
      split(from, to, level + 1);
      return;
    }
    split(from, first, level + 1);
    append(Tier.of(grain), first, last);
    split(last, to, level + 1);
  }

  private void append(Tier tier, long from, long to) {
    int last = segments.size() - 1;
    if (last >= 0) {
      Segment before = segments.get(last);
      if (before.tier() == tier && before.range().toMicros() == from) {
        segments.set(last, new Segment(tier, new TimeRange(before.range().fromMicros(), to)));
        return;
      }
    }
    segments.add(new Segment(tier, new TimeRange(from, to)));
  }
}
