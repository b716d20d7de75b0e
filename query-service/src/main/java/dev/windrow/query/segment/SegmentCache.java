package dev.windrow.query.segment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.windrow.query.plan.CostRule;
import dev.windrow.query.plan.RatedPlan;
import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.query.read.SummaryPart;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Keeps what was read of {@linkplain Pieces pieces} of windows. It is told again as long as the
 * database says, in the snapshot of the new question, that nothing was written since that has to do
 * with the time of the piece.
 *
 * <p>Why that is exact: what a plan reads of a range are the events of that range which its
 * snapshot sees, in whatever form, without those that were taken back. Who adds events to a range
 * or takes some back, or mends buckets that were wrong, writes in the same transaction a batch
 * whose times cover them. So if none that S' sees and S did not is about a range, S and S' see the
 * same events in it. Retention takes from a range only what a plan would not be allowed to read any
 * more. The snapshots of one primary follow each other, so what holds for the earliest of several
 * holds for all; those of a standby do not say what they see, and nothing is kept on one.
 *
 * <p>A piece is kept when it is asked for a second time, and if it is thought to be worth it.
 * Memory is bounded, what is seldom asked for goes first, and nothing is kept for long.
 *
 * <p>Called by any number of threads. Whatever is in the map is immutable; which of two that were
 * read at the same time stays there does not matter, as each says as of when it holds.
 */
public final class SegmentCache {
  /** So long at most, whatever was written or not. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  /** Rows that are thought to be in a piece: less is as soon read. */
  public static final int LEAST_ROWS = 200;

  private static final SegmentCache NONE = of(0, LEAST_ROWS);

  /** Of one question; intervals that lie askew to the grid have more, and each is small. */
  private static final int MOST_PIECES = 200;

  private final long maxBytes;
  private final int leastRows;
  private final Cache<AskedPiece, KeptPiece> pieces;

  private SegmentCache(long maxBytes, int leastRows, Ticker ticker) {
    this.maxBytes = maxBytes;
    this.leastRows = leastRows;
    pieces =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(SegmentCache::weight)
            .expireAfter(Expiry.creating((AskedPiece asked, KeptPiece kept) -> LONGEST))
            .ticker(ticker)
            // Its upkeep is short and needs no thread of its own.
            .executor(Runnable::run)
            .build();
  }

  /**
   * An empty one.
   *
   * @param maxBytes about how much memory it may take; 0 keeps nothing
   * @param leastRows of a piece that is kept
   */
  public static SegmentCache of(long maxBytes, int leastRows) {
    return new SegmentCache(maxBytes, leastRows, Ticker.systemTicker());
  }

  /** One that keeps nothing. */
  public static SegmentCache none() {
    return NONE;
  }

  /**
   * What a plan reads of a question's window, as of the session's snapshot.
   *
   * @param facts of that snapshot
   * @param rated a legal plan of the question
   * @param reader of what is not kept
   */
  public Mono<Summary> read(
      ReadSession session,
      SnapshotFacts facts,
      Question question,
      RatedPlan rated,
      StoreStatistics statistics,
      SummaryReader reader) {
    WindowPlan plan = rated.plan();
    if (maxBytes == 0
        || rated.estimate().cost() < leastRows
        || facts.standby()
        || !plan.liveDelta()
        || !plan.disturbance().isNone()) {
      return reader.read(session, facts.tenantId(), question, plan);
    }
    return Mono.defer(
        () -> {
          Asked asked = look(facts, question, plan, statistics);
          return asked.kept.isEmpty() && asked.again.isEmpty()
              ? reader.read(session, facts.tenantId(), question, plan)
              : changes(session, facts, asked)
                  .flatMap(
                      times -> {
                        settle(asked, times, facts);
                        return read(session, facts, question, plan, asked, reader);
                      });
        });
  }

  /** A piece and its part of the question. */
  private record Part(Segment piece, Question question, AskedPiece asked) {}

  /** How the pieces of one question stand; for one subscriber. */
  private static final class Asked {
    final Map<Part, KeptPiece> kept = new LinkedHashMap<>();
    final List<Part> again = new ArrayList<>();
    final List<Segment> rest = new ArrayList<>();
  }

  private Asked look(
      SnapshotFacts facts, Question question, WindowPlan plan, StoreStatistics statistics) {
    Asked asked = new Asked();
    List<Segment> all = Pieces.of(plan);
    if (all.size() > MOST_PIECES) {
      return asked;
    }
    for (Segment piece : all) {
      Question part = question.within(piece.range());
      if (CostRule.estimate(part, plan.only(List.of(piece)), statistics).cost() < leastRows) {
        asked.rest.add(piece);
        continue;
      }
      AskedPiece key = AskedPiece.of(part);
      KeptPiece found = pieces.getIfPresent(key);
      if (found == null) {
        pieces.put(key, KeptPiece.asked(facts));
        asked.rest.add(piece);
      } else if (found.summary().isPresent() && found.isCoveredBy(facts)) {
        asked.kept.put(new Part(piece, part, key), found);
      } else {
        asked.again.add(new Part(piece, part, key));
      }
    }
    return asked;
  }

  private static Mono<List<TimeRange>> changes(
      ReadSession session, SnapshotFacts facts, Asked asked) {
    if (asked.kept.isEmpty()) {
      return Mono.just(List.of());
    }
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    KeptPiece earliest = asked.kept.values().iterator().next();
    for (Map.Entry<Part, KeptPiece> one : asked.kept.entrySet()) {
      from = Math.min(from, one.getKey().piece().range().fromMicros());
      to = Math.max(to, one.getKey().piece().range().toMicros());
      if (earliest.seen().covers(one.getValue().seen(), false)) {
        earliest = one.getValue();
      }
    }
    return SelectChangedTimes.read(session, facts.tenantId(), new TimeRange(from, to), earliest);
  }

  /** What has changed is read with the rest, and kept when it is asked for again. */
  private void settle(Asked asked, List<TimeRange> changed, SnapshotFacts facts) {
    asked
        .kept
        .entrySet()
        .removeIf(
            one -> {
              Part part = one.getKey();
              TimeRange range = part.piece().range();
              boolean touched = changed.stream().anyMatch(time -> !time.intersect(range).isEmpty());
              if (touched) {
                asked.rest.add(part.piece());
              }
              pieces
                  .asMap()
                  .replace(
                      part.asked(),
                      one.getValue(),
                      touched ? KeptPiece.asked(facts) : one.getValue().at(facts));
              return touched;
            });
  }

  private Mono<Summary> read(
      ReadSession session,
      SnapshotFacts facts,
      Question question,
      WindowPlan plan,
      Asked asked,
      SummaryReader reader) {
    List<SummaryPart> parts = new ArrayList<>();
    asked.kept.forEach(
        (part, kept) -> parts.add(part(question, part.piece(), kept.summary().orElseThrow())));
    List<Mono<Void>> readings = new ArrayList<>();
    for (Part part : asked.again) {
      readings.add(
          reader
              .read(session, facts.tenantId(), part.question(), plan.only(List.of(part.piece())))
              .doOnNext(
                  summary -> {
                    pieces.put(part.asked(), KeptPiece.read(summary, facts));
                    parts.add(part(question, part.piece(), summary));
                  })
              .then());
    }
    if (!asked.rest.isEmpty()) {
      asked.rest.sort((a, b) -> Long.compare(a.range().fromMicros(), b.range().fromMicros()));
      readings.add(
          reader
              .read(session, facts.tenantId(), question, plan.only(Pieces.joined(asked.rest)))
              .doOnNext(summary -> parts.add(new SummaryPart(summary, 0)))
              .then());
    }
    // All rows come on the connection's event loop, so the parts are filled by one thread.
    return ReadSession.together(readings)
        .then(Mono.fromSupplier(() -> reader.join(question, parts)));
  }

  private static SummaryPart part(Question question, Segment piece, Summary summary) {
    return new SummaryPart(summary, question.intervals().indexOf(piece.range().fromMicros()));
  }

  private static int weight(AskedPiece asked, KeptPiece kept) {
    return (int) Math.min(asked.weight() + kept.weight(), Integer.MAX_VALUE);
  }
}
