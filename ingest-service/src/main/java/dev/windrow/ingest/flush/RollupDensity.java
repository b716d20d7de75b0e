package dev.windrow.ingest.flush;

import dev.windrow.rollup.Density;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a lane knows of one rollup's density: how well its events fold, and where its finer buckets
 * are not kept. To take a span for fine that is coarse costs rows and nothing else, so this may
 * forget. For one thread.
 *
 * <p>The rule. A span is proposed as coarse when one flush has many events there, spread over so
 * many of its finer buckets that they are likely to be there whole, as an import of history has
 * them; and when buckets would be more than a quarter of these events. Live events come minute by
 * minute and never are that spread, however sparse.
 */
final class RollupDensity implements Density {
  private static final int MIN_EVENTS = 1_000;
  private static final int MIN_MINUTES = 10;
  private static final int MIN_HOURS = 3;
  private static final int EVENTS_PER_BUCKET = 4;
  private static final int REMEMBERED = 10_000;

  private final RollupDefinition rollup;
  private final Grain finest;
  private final Map<Grain, Set<Long>> coarse = new EnumMap<>(Grain.class);
  private final Set<CoarseSpan> asked = new HashSet<>();
  // Of the last fold that tells.
  private Folding folding = Folding.UNKNOWN;

  private long memoFrom;
  private long memoTo;
  private Grain memo;

  RollupDensity(RollupDefinition rollup) {
    this.rollup = rollup;
    this.finest = rollup.finest();
    this.memo = finest;
  }

  @Override
  public Grain grainAt(long occurredAtMicros) {
    if (occurredAtMicros < memoFrom || occurredAtMicros >= memoTo) {
      long hour = Grain.HOUR.floor(occurredAtMicros);
      memo = find(hour);
      memoFrom = hour;
      memoTo = hour + Grain.HOUR.micros();
    }
    return memo;
  }

  private Grain find(long hour) {
    Grain found = finest;
    for (Grain grain : rollup.grains()) {
      Set<Long> spans = coarse.get(grain);
      if (spans != null && spans.contains(grain.floor(hour))) {
        found = grain;
      }
    }
    return found;
  }

  /** The spans that this flush speaks for, and that were not asked for yet. */
  List<CoarseSpan> proposals(SortedMap<Long, HourLoad> hours) {
    List<CoarseSpan> proposals = new ArrayList<>();
    if (folding.equals(Folding.UNKNOWN)) {
      return proposals;
    }
    List<Grain> grains = List.copyOf(rollup.grains());
    for (int i = 1; i < grains.size(); i++) {
      propose(grains.get(i - 1), grains.get(i), hours, proposals);
    }
    return proposals;
  }

  private void propose(
      Grain fine, Grain span, SortedMap<Long, HourLoad> hours, List<CoarseSpan> proposals) {
    long start = Long.MIN_VALUE;
    int events = 0;
    int buckets = 0;
    for (var hour : hours.entrySet()) {
      long at = span.floor(hour.getKey());
      if (at != start) {
        proposeOne(fine, span, start, events, buckets, proposals);
        start = at;
        events = 0;
        buckets = 0;
      }
      events += hour.getValue().events();
      buckets += fine == Grain.MINUTE ? hour.getValue().minutes() : 1;
    }
    proposeOne(fine, span, start, events, buckets, proposals);
  }

  private void proposeOne(
      Grain fine, Grain span, long start, int events, int buckets, List<CoarseSpan> proposals) {
    int enough = fine == Grain.MINUTE ? MIN_MINUTES : MIN_HOURS;
    if (events < MIN_EVENTS || buckets < enough) {
      return;
    }
    double rows = folding.expectedRows(fine, events, buckets);
    CoarseSpan proposal = new CoarseSpan(rollup.id(), span, start, events);
    CoarseSpan key = new CoarseSpan(rollup.id(), span, start, 0);
    if (rows * EVENTS_PER_BUCKET > events && asked.size() < REMEMBERED && asked.add(key)) {
      proposals.add(proposal);
    } else if (asked.size() >= REMEMBERED) {
      asked.clear();
    }
  }

  /** Takes a span for coarse, which it is from now on. */
  void confirm(CoarseSpan span) {
    Set<Long> spans = coarse.computeIfAbsent(span.grain(), grain -> new HashSet<>());
    if (spans.size() >= REMEMBERED) {
      spans.clear();
    }
    spans.add(span.startMicros());
    memoTo = memoFrom;
  }

  /** Learns how events have folded; few of them say nothing. */
  void learn(Folding last) {
    if (last.events() >= MIN_EVENTS) {
      folding = last;
    }
  }
}
