package dev.windrow.query.latest;

import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest event of each pair, of what has been read so far, and where a newer one may be that
 * only the events tell. To be told of an event twice changes nothing. For one statement at a time.
 */
final class PairFold {
  /** Where the newest event of a pair must be looked for. */
  record Gap(Pair pair, TimeRange range) {}

  private static final class Candidate {
    @Nullable LatestEvent newest;
    long unknownFrom = Long.MAX_VALUE;
    long unknownTo = Long.MIN_VALUE;
  }

  private final Map<Pair, Candidate> pairs = new HashMap<>();
  private long bucketRows;
  private long deltaRows;
  private long unfoldedRows;
  private long eventRows;

  void add(Pair pair, LatestEvent event) {
    add(candidate(pair), event);
  }

  /** Likewise, if it is one of the pairs that are there. */
  void addIfThere(Pair pair, LatestEvent event) {
    Candidate candidate = pairs.get(pair);
    if (candidate != null) {
      add(candidate, event);
    }
  }

  /** Rows of a pair do not know their newest event, or know one that is too new. */
  void addUnknown(Pair pair, TimeRange range) {
    Candidate candidate = candidate(pair);
    candidate.unknownFrom = Math.min(candidate.unknownFrom, range.fromMicros());
    candidate.unknownTo = Math.max(candidate.unknownTo, range.toMicros());
  }

  /** How many rows of buckets and of delta were read; to be told twice changes nothing. */
  void sawStored(long buckets, long deltas) {
    bucketRows = buckets;
    deltaRows = deltas;
  }

  /** Likewise, of events that are themselves the delta. */
  void sawUnfolded(long events) {
    unfoldedRows = events;
  }

  /** Likewise, of raw events. */
  void sawEvents(long events) {
    eventRows = events;
  }

  /** Keeps the first pairs, in order, and tells whether there were more. */
  boolean keepFirst(int most) {
    if (pairs.size() <= most) {
      return false;
    }
    List<Pair> ordered = pairs();
    ordered.subList(most, ordered.size()).forEach(pairs::remove);
    return true;
  }

  /** The pairs, in order. */
  List<Pair> pairs() {
    return pairs.keySet().stream().sorted().toList();
  }

  /** What remains to be looked for: nothing that is known already could be newer. */
  List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    pairs.forEach(
        (pair, candidate) -> {
          LatestEvent newest = candidate.newest;
          long from =
              newest == null
                  ? candidate.unknownFrom
                  : Math.max(candidate.unknownFrom, newest.occurredAtMicros());
          if (from < candidate.unknownTo) {
            gaps.add(new Gap(pair, new TimeRange(from, candidate.unknownTo)));
          }
        });
    return gaps;
  }

  /** The newest event of a pair; empty if none was found. */
  Optional<LatestEvent> newest(Pair pair) {
    return Optional.ofNullable(pairs.get(pair)).map(candidate -> candidate.newest);
  }

  long bucketRows() {
    return bucketRows;
  }

  long deltaRows() {
    return deltaRows + unfoldedRows;
  }

  long eventRows() {
    return eventRows;
  }

  private static void add(Candidate candidate, LatestEvent event) {
    LatestEvent before = candidate.newest;
    if (before == null || event.compareTo(before) > 0) {
      candidate.newest = event;
    }
  }

  private Candidate candidate(Pair pair) {
    return pairs.computeIfAbsent(pair, first -> new Candidate());
  }
}
