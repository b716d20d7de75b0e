package dev.windrow.query.plan;

import dev.windrow.query.question.Intervals;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits stretches of time into whole buckets, the coarsest first, and raw edges. What the buckets
 * of a grain would answer is raw too where a coarse span does without them, and so is what is
 * disturbed: no bucket overlaps that, and finer ones lie around it. Before the horizon of a grain
 * the finer ones must do; before that of raw events nothing is left, which {@link KeptWindow}
 * tells. Neighbours of the same tier become one segment, across stretches too: their rows still
 * tell which stretch they are of.
 */
final class WindowCover {
  private final List<Grain> coarseToFine;
  private final CoarseSpans coarse;
  private final Horizons horizons;
  private final List<Segment> segments = new ArrayList<>();

  private WindowCover(Set<Grain> grains, CoarseSpans coarse, Horizons horizons) {
    this.coarse = coarse;
    this.horizons = horizons;
    coarseToFine = new ArrayList<>(grains);
    coarseToFine.sort((a, b) -> Long.compare(b.micros(), a.micros()));
  }

  /** The segments for these stretches by buckets of these grains; none means raw events only. */
  static List<Segment> of(
      Intervals intervals,
      Set<Grain> grains,
      CoarseSpans coarse,
      Disturbance disturbance,
      Horizons horizons) {
    WindowCover cover = new WindowCover(grains, coarse, horizons);
    for (int i = 0; i < intervals.count(); i++) {
      cover.split(intervals.range(i), disturbance);
    }
    return List.copyOf(cover.segments);
  }

  private void split(TimeRange range, Disturbance disturbance) {
    long at = range.fromMicros();
    for (TimeRange disturbed : disturbance.within(range)) {
      split(at, disturbed.fromMicros(), 0);
      append(Tier.RAW, disturbed.fromMicros(), disturbed.toMicros());
      at = disturbed.toMicros();
    }
    split(at, range.toMicros(), 0);
  }

  private void split(long from, long to, int level) {
    if (level == coarseToFine.size()) {
      append(Tier.RAW, from, to);
      return;
    }
    Grain grain = coarseToFine.get(level);
    long kept = Math.min(to, horizons.of(grain));
    if (from < kept) {
      split(from, kept, level + 1);
      splitKept(kept, to, level);
    } else {
      splitKept(from, to, level);
    }
  }

  private void splitKept(long from, long to, int level) {
    Grain grain = coarseToFine.get(level);
    long first = grain.ceil(from);
    long last = grain.floor(to);
    if (first >= last) {
      split(from, to, level + 1);
      return;
    }
    split(from, first, level + 1);
    appendKept(grain, first, last);
    split(last, to, level + 1);
  }

  private void appendKept(Grain grain, long from, long to) {
    long at = from;
    while (at < to) {
      TimeRange without = coarse.firstWithout(grain, new TimeRange(at, to));
      append(Tier.of(grain), at, without.fromMicros());
      append(Tier.RAW, without.fromMicros(), without.toMicros());
      at = without.toMicros();
    }
  }

  private void append(Tier tier, long from, long to) {
    if (from == to) {
      return;
    }
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
