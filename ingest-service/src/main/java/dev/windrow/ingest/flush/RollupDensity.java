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
 * <p>The rule. A span is proposed as coarse when one flush has many events there, so spread over
 * its finer buckets that no one has more than a part of them, as in an import of history; and when
 * buckets would be more than an eighth of these events. Live events come minute by minute and never
 * are that spread, however sparse; nor are the last hour of a flush and a few late events in all
 * other hours of its day.
 */
final class RollupDensity implements Density {
  private static final int MIN_EVENTS = 1_000;
  private static final int MINUTES = 10;
  private static final int HOURS = 3;
  private static final int REMEMBERED = 10_000;

  private final RollupDefinition rollup;
  private final Set<Grain> dispensable;
  private final Grain finest;
  private final Map<Grain, Set<Long>> coarse = new EnumMap<>(Grain.class);
  private final Set<CoarseSpan> asked = new HashSet<>();
  // Of the last fold that tells.
  private Folding folding = Folding.UNKNOWN;

  private long memoFrom;
  private long memoTo;
  private Grain memo;

  /**
   * @param dispensable grains that are not kept longer than events: these can stand for them
   */
  RollupDensity(RollupDefinition rollup, Set<Grain> dispensable) {
    this.rollup = rollup;
    this.dispensable = dispensable;
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
      if (dispensable.contains(grains.get(i - 1))) {
        propose(grains.get(i - 1), grains.get(i), hours, proposals);
      }
    }
    return proposals;
  }

  private void propose(
      Grain fine, Grain span, SortedMap<Long, HourLoad> hours, List<CoarseSpan> proposals) {
    long start = Long.MIN_VALUE;
    List<Integer> buckets = new ArrayList<>();
    for (var hour : hours.entrySet()) {
      long at = span.floor(hour.getKey());
      if (at != start) {
        proposeOne(fine, span, start, buckets, proposals);
        start = at;
        buckets.clear();
      }
      if (fine == Grain.MINUTE) {
        buckets.addAll(hour.getValue().ofMinutes());
      } else {
        buckets.add(hour.getValue().events());
      }
    }
    proposeOne(fine, span, start, buckets, proposals);
  }

  /**
   * @param buckets the events of each finer bucket
   */
  private void proposeOne(
      Grain fine, Grain span, long start, List<Integer> buckets, List<CoarseSpan> proposals) {
    int events = buckets.stream().mapToInt(Integer::intValue).sum();
    int fullest = buckets.stream().mapToInt(Integer::intValue).max().orElse(0);
    int spread = fine == Grain.MINUTE ? MINUTES : HOURS;
    if (events < MIN_EVENTS || fullest * (long) spread > events) {
      return;
    }
    double rows = folding.expectedRows(fine, buckets);
    CoarseSpan proposal = new CoarseSpan(rollup.id(), span, start, events);
    CoarseSpan key = new CoarseSpan(rollup.id(), span, start, 0);
    if (rows * Density.EVENTS_PER_BUCKET > events && asked.size() < REMEMBERED && asked.add(key)) {
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
