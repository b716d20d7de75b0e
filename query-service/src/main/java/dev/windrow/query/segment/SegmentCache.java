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
import dev.windrow.query.read.Cell;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.query.read.SummaryFold;
import dev.windrow.query.read.SummaryPart;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
 * snapshot sees, in whatever form, without those that were taken back. Who adds events to a range,
 * takes some back, or repairs its buckets, writes in the same transaction a batch whose times cover
 * what is different. So if none that S' sees and S did not is about a range, S and S' see the same
 * events in it. Retention takes from a range only what a plan would not be allowed to read any
 * more. The snapshots of one primary follow each other, so what has not changed since the earliest
 * of several has not changed since any; those of a standby do not say what they see, and nothing is
 * kept on one.
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

  /**
   * Of one question, read one by one to be kept: each takes a statement or two, all of which are
   * sent at once.
   */
  private static final int MOST_READ = 16;

  /** What takes more than this part of the memory is not kept. */
  private static final int LARGEST_PART = 8;

  private final long maxBytes;
  private final int leastRows;
  private final Cache<PieceKey, KeptPiece> pieces;

  private SegmentCache(long maxBytes, int leastRows, Ticker ticker) {
    this.maxBytes = maxBytes;
    this.leastRows = leastRows;
    pieces =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(SegmentCache::weight)
            .expireAfter(Expiry.creating((PieceKey key, KeptPiece kept) -> LONGEST))
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
          Standing standing = new Standing(session, facts, question, plan, reader);
          sort(standing, statistics);
          return standing.kept.isEmpty() && standing.again.isEmpty()
              ? reader.read(session, facts.tenantId(), question, plan)
              : standing
                  .changes()
                  .flatMap(
                      times -> {
                        settle(standing, times);
                        return read(standing);
                      });
        });
  }

  /** A piece and its part of the question. */
  private record Part(Segment piece, WindowPlan plan, Question question, PieceKey key) {
    int firstInterval(Question whole) {
      return whole.intervals().indexOf(piece.range().fromMicros());
    }
  }

  /** How the pieces of one question stand; for one subscriber. */
  private static final class Standing {
    final ReadSession session;
    final SnapshotFacts facts;
    final Seen now;
    final Question question;
    final WindowPlan plan;
    final SummaryReader reader;

    /** Those that are told again if nothing has changed, those that are read to be kept, others. */
    final Map<Part, KeptPiece> kept = new LinkedHashMap<>();

    final List<Part> again = new ArrayList<>();
    final List<Segment> rest = new ArrayList<>();

    Standing(
        ReadSession session,
        SnapshotFacts facts,
        Question question,
        WindowPlan plan,
        SummaryReader reader) {
      this.session = session;
      this.facts = facts;
      this.now = Seen.by(facts);
      this.question = question;
      this.plan = plan;
      this.reader = reader;
    }

    Mono<List<TimeRange>> changes() {
      if (kept.isEmpty()) {
        return Mono.just(List.of());
      }
      long from = Long.MAX_VALUE;
      long to = Long.MIN_VALUE;
      Seen earliest = now;
      for (Map.Entry<Part, KeptPiece> one : kept.entrySet()) {
        from = Math.min(from, one.getKey().piece().range().fromMicros());
        to = Math.max(to, one.getKey().piece().range().toMicros());
        earliest = earliest.covers(one.getValue().seen()) ? one.getValue().seen() : earliest;
      }
      return SelectChangedTimes.read(session, facts.tenantId(), new TimeRange(from, to), earliest);
    }

    /** If there are too many groups, nothing that is still to come has to be read. */
    void add(SummaryFold fold, SummaryPart part) {
      try {
        fold.add(part);
      } catch (RuntimeException e) {
        session.stop(e);
        throw e;
      }
    }

    Mono<Summary> read(Question part, WindowPlan partPlan) {
      return reader.read(session, facts.tenantId(), part, partPlan);
    }
  }

  /** Looks each piece up, and remembers that it was asked for. */
  private void sort(Standing standing, StoreStatistics statistics) {
    List<Segment> all = Pieces.of(standing.plan);
    if (all.size() > MOST_PIECES) {
      return;
    }
    for (Segment piece : all) {
      WindowPlan plan = standing.plan.only(List.of(piece));
      Question question = standing.question.within(piece.range());
      if (CostRule.estimate(question, plan, statistics).cost() < leastRows) {
        standing.rest.add(piece);
        continue;
      }
      Part part = new Part(piece, plan, question, PieceKey.of(question, standing.facts));
      KeptPiece found = pieces.getIfPresent(part.key());
      if (found == null) {
        pieces.put(part.key(), KeptPiece.asked(standing.now));
        standing.rest.add(piece);
      } else if (found.summary().isPresent() && standing.now.covers(found.seen())) {
        standing.kept.put(part, found);
      } else if (found.keepable() && standing.again.size() < MOST_READ) {
        standing.again.add(part);
      } else {
        standing.rest.add(piece);
      }
    }
  }

  /** What has changed is read with the rest, and kept when it is asked for again. */
  private void settle(Standing standing, List<TimeRange> changed) {
    standing
        .kept
        .entrySet()
        .removeIf(
            one -> {
              Part part = one.getKey();
              KeptPiece kept = one.getValue();
              boolean touched =
                  changed.stream()
                      .anyMatch(time -> !time.intersect(part.piece().range()).isEmpty());
              KeptPiece next = touched ? KeptPiece.asked(standing.now) : kept.in(standing.now);
              pieces.asMap().replace(part.key(), kept, next);
              if (touched) {
                standing.rest.add(part.piece());
              }
              return touched;
            });
  }

  // All rows come on the connection's event loop, and what is kept is added before: the fold is
  // touched by one thread at a time.
  private Mono<Summary> read(Standing standing) {
    Question question = standing.question;
    SummaryFold fold = standing.reader.fold(question);
    standing.kept.forEach(
        (part, kept) ->
            fold.add(new SummaryPart(kept.summary().orElseThrow(), part.firstInterval(question))));
    List<Mono<Void>> readings = new ArrayList<>();
    for (Part part : standing.again) {
      readings.add(
          standing
              .read(part.question(), part.plan())
              .doOnNext(
                  summary -> {
                    keep(part.key(), summary, standing.now);
                    standing.add(fold, new SummaryPart(summary, part.firstInterval(question)));
                  })
              .then());
    }
    if (!standing.rest.isEmpty()) {
      standing.rest.sort(Comparator.comparingLong(piece -> piece.range().fromMicros()));
      readings.add(
          standing
              .read(question, standing.plan.only(Pieces.joined(standing.rest)))
              .doOnNext(summary -> standing.add(fold, new SummaryPart(summary, 0)))
              .then());
    }
    return ReadSession.together(readings).then(Mono.fromSupplier(fold::toSummary));
  }

  private void keep(PieceKey key, Summary summary, Seen seen) {
    // Buckets from before there were sums of squares: another rollup may know them.
    boolean whole =
        !key.needs().squares()
            || summary.cells().stream().map(Cell::aggregate).allMatch(Aggregate::knowsSquares);
    KeptPiece kept = KeptPiece.read(summary, seen);
    boolean keepable = whole && kept.weight() <= maxBytes / LARGEST_PART;
    pieces.put(key, keepable ? kept : KeptPiece.tooLarge(seen));
  }

  private static int weight(PieceKey key, KeptPiece kept) {
    return (int) Math.min(key.weight() + kept.weight(), Integer.MAX_VALUE);
  }
}
