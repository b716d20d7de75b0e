package dev.windrow.query.latest;

import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.TooCostly;
import dev.windrow.query.worth.NotKept;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Reads the newest event of pairs, in the transaction that a session is in: first what the plan's
 * rows and events tell; then, of pairs with rows that do not know their newest event, the events of
 * where it may be.
 *
 * <p>Each statement tells of the first pairs in order, so many as are wanted. Those of all
 * statements together that come first are then complete: whatever a statement left out comes after
 * its last pair.
 */
final class LatestReader {
  // Beyond, to read all events of the gaps is cheaper than to look up each pair.
  private static final int MOST_LOOKED_UP = 1_000;

  private final ReadLimits limits;
  private final int mostLookedUp;

  LatestReader(ReadLimits limits) {
    this(limits, MOST_LOOKED_UP);
  }

  /**
   * @param mostLookedUp of how many pairs the events are looked up one by one
   */
  LatestReader(ReadLimits limits, int mostLookedUp) {
    this.limits = limits;
    this.mostLookedUp = mostLookedUp;
  }

  /** The fold of the first pairs, and whether there are more. */
  record Found(PairFold pairs, boolean more) {}

  /**
   * Reads.
   *
   * @param most how many pairs
   */
  Mono<Found> read(ReadSession session, LatestScope scope, int most) {
    return Mono.defer(
        () -> {
          PairFold fold = new PairFold();
          return AvoidSorts.run(session)
              .then(Mono.defer(() -> rows(session, scope, most + 1, fold)))
              .then(Mono.defer(() -> unfolded(session, scope, most + 1, fold)))
              .then(Mono.defer(() -> raw(session, scope, most + 1, fold)))
              // Sorting many pairs would hold up the other connections of this event loop.
              .then(Mono.just(fold).publishOn(Schedulers.parallel()))
              .flatMap(
                  found -> {
                    boolean more = found.keepFirst(most);
                    return gaps(session, scope, found).thenReturn(new Found(found, more));
                  });
        });
  }

  private static Mono<Void> rows(ReadSession session, LatestScope scope, int most, PairFold fold) {
    return scope.plan().bucketSegments().isEmpty()
        ? Mono.empty()
        : SelectLatestRows.read(session, scope, most, fold);
  }

  private static Mono<Void> unfolded(
      ReadSession session, LatestScope scope, int most, PairFold fold) {
    return scope.plan().unfolded().isEmpty()
        ? Mono.empty()
        : SelectLatestEvents.unfolded(session, scope, most, fold::add, fold::sawUnfolded);
  }

  private Mono<Void> raw(ReadSession session, LatestScope scope, int most, PairFold fold) {
    List<TimeRange> ranges = scope.plan().rawRanges();
    return ranges.isEmpty()
        ? Mono.empty()
        : SelectLatestEvents.inRanges(
            session,
            scope,
            ranges,
            limits.maxRawRows(),
            most,
            fold::add,
            events -> fold.sawEvents(bounded(events)));
  }

  private Mono<Void> gaps(ReadSession session, LatestScope scope, PairFold fold) {
    List<PairFold.Gap> gaps = fold.gaps();
    if (gaps.isEmpty()) {
      return Mono.empty();
    }
    // Not what is known of before: that would be told as the newest.
    gaps.forEach(gap -> NotKept.events(gap.range(), scope.horizons(), true));
    if (gaps.size() <= mostLookedUp) {
      return SelectLatestOfPairs.read(session, scope, gaps, fold::addIfThere);
    }
    long before = fold.eventRows();
    return SelectLatestEvents.inRanges(
        session,
        scope,
        joined(gaps),
        limits.maxRawRows(),
        Integer.MAX_VALUE,
        fold::addIfThere,
        events -> fold.sawEvents(bounded(before + events)));
  }

  private long bounded(long events) {
    if (events > limits.maxRawRows()) {
      throw TooCostly.rawScan(limits, "narrow the window, or name types or entities");
    }
    return events;
  }

  private static List<TimeRange> joined(List<PairFold.Gap> gaps) {
    List<TimeRange> joined = new ArrayList<>();
    gaps.stream()
        .map(PairFold.Gap::range)
        .sorted(Comparator.comparingLong(TimeRange::fromMicros))
        .forEach(
            range -> {
              int last = joined.size() - 1;
              if (last >= 0 && joined.get(last).toMicros() >= range.fromMicros()) {
                long to = Math.max(joined.get(last).toMicros(), range.toMicros());
                joined.set(last, new TimeRange(joined.get(last).fromMicros(), to));
              } else {
                joined.add(range);
              }
            });
    return joined;
  }
}
