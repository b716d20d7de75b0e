package dev.windrow.ingest.flush;

import dev.windrow.ingest.unfolded.CarriedFold;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.EventFacts;
import dev.windrow.rollup.FoldedRows;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.GrainTally;
import dev.windrow.rollup.RollupDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Folds a lane's events into delta rows. A rollup that folds well gives its rows with every flush.
 * One that folds badly, with about as many keys as events, is *carried*: its fold goes on over many
 * flushes, each of which only notes that its batch is not folded yet. In the end it is handed over
 * to the compactor ({@link #handOver}), which merges it into the buckets and takes the notes back
 * in one transaction. Should the compactor not be ready for it, the lane does likewise with delta
 * rows.
 *
 * <p>The events in the database are the log and what is carried is a checkpoint in the making: it
 * may be forgotten at any time ({@link #forget}), and must be when a transaction fails, for it then
 * holds events that are not stored. Notes that are left behind are folded by the compactor.
 *
 * <p>For the lane's thread.
 */
final class LaneFold {
  // A flush with fewer events than these for a row folds badly.
  private static final int EVENTS_PER_ROW = 8;
  // An import is written once, and is far from what is asked about while it comes in. Live events
  // are asked about at once, and there are fewer rows to read than events.
  private static final int EVENTS_PER_ROW_OF_IMPORT = 64;
  // A flush of an import at speed is large, and no hour has more than this part of it.
  private static final int IMPORT_EVENTS = 10_000;
  private static final int IMPORT_PARTS = 3;
  // Without a flush for this part of the time, nothing is gained by waiting on.
  private static final int IDLE_PARTS = 50;
  // A compactor that has rested enough is given what has been carried for this part of the time.
  private static final int LATE_PARTS = 5;
  // With this part of the room that is left filled, the compactor should make haste with what it
  // has.
  private static final int FILLING_PARTS = 2;
  // Fewer events than these say nothing of how well a rollup folds.
  private static final int TELLING_EVENTS = 1_000;

  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final int maxCarriedEvents;
  private final Duration maxCarriedTime;
  private final Handover.LaneSide handover;
  private final LongSupplier nanoTime;
  private List<RollupDefinition> rollups = List.of();
  private final Set<Grain> dispensable;
  private final Map<Integer, Progress> progress = new HashMap<>();
  private DeltaFold fold = new DeltaFold(List.of());
  private boolean settling;
  private long lastFlush;
  private int flushEvents;
  private boolean importing;

  /** What is going on with one rollup. */
  private static final class Progress {
    final RollupDefinition rollup;
    final RollupDensity density;
    boolean carried;
    // Batches whose notes are in the database, and the events of them and of the flush under way.
    final List<Long> noted = new ArrayList<>();
    int carriedEvents;
    long carriedSince;
    // By single flushes, since the decision whether to carry was last made.
    int toldEvents;
    int toldRows;
    final GrainTally given = new GrainTally();

    Progress(RollupDefinition rollup, Set<Grain> dispensable) {
      this.rollup = rollup;
      this.density = new RollupDensity(rollup, dispensable);
    }

    // Each grain's rows tell of its own events only: a few late ones, whose minutes are still kept,
    // leave more rows than all the others, whose are not.
    void learn(Map<Grain, GrainTally.Share> shares) {
      shares.entrySet().stream()
          .max(Comparator.comparingLong(share -> share.getValue().events()))
          .ifPresent(most -> density.learn(Folding.of(most.getKey(), most.getValue())));
    }

    void tell(int events, int rows) {
      toldEvents += events;
      toldRows += rows;
    }
  }

  /**
   * @param bounds of what is carried or handed over. A lane fills half of them while the compactor
   *     works at the other half; what is more, or older than twice their time, is written as delta
   *     rows
   * @param dispensable grains that are not kept longer than events
   * @param nanoTime as {@link System#nanoTime}
   */
  LaneFold(
      UnfoldedBounds bounds,
      Set<Grain> dispensable,
      Handover.LaneSide handover,
      LongSupplier nanoTime) {
    this.dispensable = dispensable;
    this.maxCarriedEvents = bounds.maxEvents();
    this.maxCarriedTime = bounds.maxTime();
    this.handover = handover;
    this.nanoTime = nanoTime;
  }

  /** Folds into these rollups from now on; everything carried is forgotten. */
  void use(List<RollupDefinition> current) {
    rollups = List.copyOf(current);
    progress.keySet().retainAll(rollups.stream().map(RollupDefinition::id).toList());
    for (RollupDefinition rollup : rollups) {
      Progress before = progress.get(rollup.id());
      if (before == null || !before.rollup.equals(rollup)) {
        progress.put(rollup.id(), new Progress(rollup, dispensable));
      }
    }
    forget();
  }

  /** The spans in which, by the events to come, finer buckets should not be kept. */
  List<CoarseSpan> proposals(SortedMap<Long, HourLoad> hours) {
    List<CoarseSpan> proposals = new ArrayList<>();
    progress.values().forEach(one -> proposals.addAll(one.density.proposals(hours)));
    return proposals;
  }

  /** Takes these spans for coarse, which they are from now on. */
  void confirm(List<CoarseSpan> spans) {
    for (CoarseSpan span : spans) {
      Progress one = progress.get(span.rollupId());
      if (one != null) {
        one.density.confirm(span);
      }
    }
  }

  /** Begins the fold of a flush with so many events in each hour. */
  void begin(SortedMap<Long, HourLoad> hours) {
    lastFlush = nanoTime.getAsLong();
    flushEvents = 0;
    if (!hours.isEmpty()) {
      long events = hours.values().stream().mapToLong(HourLoad::events).sum();
      importing =
          events >= IMPORT_EVENTS
              && hours.values().stream()
                  .allMatch(of -> (long) IMPORT_PARTS * of.events() <= events);
    }
  }

  void add(EventFacts event) {
    flushEvents++;
    fold.add(event);
  }

  /**
   * Ends the fold of a flush: gives the rows that are to be written with it.
   *
   * @param settle whether nothing may stay carried
   * @return what the transaction must note and take back
   */
  Notes end(boolean settle, Consumer<AggregateRow> rows) {
    settling = settle || overdue();
    List<Integer> note = new ArrayList<>();
    Map<Integer, List<Long>> takeBack = new HashMap<>();
    for (Progress one : progress.values()) {
      int id = one.rollup.id();
      if (one.carried && flushEvents > 0 && one.carriedEvents == 0) {
        one.carriedSince = nanoTime.getAsLong();
        // What its first flush has left is what any flush would leave.
        one.tell(flushEvents, fold.size(id));
      }
      one.carriedEvents += one.carried ? flushEvents : 0;
      if (one.carried && !settling) {
        if (flushEvents > 0) {
          note.add(id);
        }
      } else {
        if (!one.noted.isEmpty()) {
          takeBack.put(id, List.copyOf(one.noted));
        }
        give(one, rows);
      }
    }
    return new Notes(note, takeBack);
  }

  private void give(Progress one, Consumer<AggregateRow> rows) {
    one.given.clear();
    int given = fold.size(one.rollup.id());
    fold.drain(
        one.rollup.id(),
        row -> {
          one.given.add(row.grain(), row.startMicros(), row.aggregate().count());
          rows.accept(row);
        });
    one.learn(one.given.shares());
    if (!one.carried) {
      one.tell(flushEvents, given);
    }
  }

  /**
   * Hands over what is carried, if the compactor wants it and is done with what it got before.
   * Between flushes: everything carried is stored then.
   */
  void handOver() {
    if (handover.underWay() > 0 || !wanted()) {
      return;
    }
    List<CarriedFold> given = new ArrayList<>();
    int events = 0;
    for (Progress one : progress.values()) {
      if (one.carriedEvents > 0) {
        FoldedRows rows = fold.take(one.rollup.id());
        one.learn(rows.shares());
        given.add(new CarriedFold(rows, one.noted));
        events = Math.max(events, one.carriedEvents);
        written(one);
      }
    }
    handover.give(given, events);
  }

  private boolean wanted() {
    return switch (handover.want()) {
      case HALF -> carries(maxCarriedEvents / 2, maxCarriedTime);
      case LATE -> {
        long quiet = nanoTime.getAsLong() - lastFlush;
        boolean idle = quiet >= maxCarriedTime.toNanos() / IDLE_PARTS;
        yield idle
            ? carries()
            : carries(maxCarriedEvents / 2, maxCarriedTime.dividedBy(LATE_PARTS));
      }
      case ANY -> carries();
    };
  }

  /**
   * Waits for the compactor when it is behind, rather than to write rows for it to read; but not
   * for long, for no event depends on it. Completes on any thread.
   */
  Mono<Void> awaitRoom() {
    return carries(room(), FOREVER)
        ? handover.empty().timeout(maxCarriedTime, Mono.empty())
        : Mono.empty();
  }

  // Events that may be carried beside those that were handed over.
  private int room() {
    return maxCarriedEvents - handover.underWay();
  }

  /** Whether what is carried has to be written as delta rows now. */
  boolean overdue() {
    return carries(room(), maxCarriedTime.multipliedBy(2));
  }

  // Whether anything is carried that is so much or so old.
  private boolean carries(int events, Duration time) {
    long now = nanoTime.getAsLong();
    for (Progress one : progress.values()) {
      if (one.carriedEvents > 0
          && (one.carriedEvents >= events || now - one.carriedSince >= time.toNanos())) {
        return true;
      }
    }
    return false;
  }

  /** Whether anything is carried. */
  boolean carries() {
    return progress.values().stream().anyMatch(one -> one.carriedEvents > 0);
  }

  /** The transaction of this batch has committed what {@link #end} said. */
  void committed(long batchId) {
    for (Progress one : progress.values()) {
      if (one.carried && !settling) {
        if (flushEvents > 0) {
          one.noted.add(batchId);
        }
      } else {
        written(one);
      }
    }
    flushEvents = 0;
    handover.carries(carries(), carries(room() / FILLING_PARTS, maxCarriedTime));
  }

  private void written(Progress one) {
    one.noted.clear();
    one.carriedEvents = 0;
    decide(one);
  }

  private void decide(Progress one) {
    if (one.toldEvents >= TELLING_EVENTS) {
      int worth = importing ? EVENTS_PER_ROW_OF_IMPORT : EVENTS_PER_ROW;
      one.carried = one.toldRows * worth > one.toldEvents;
      one.toldEvents = 0;
      one.toldRows = 0;
    }
  }

  /** Forgets everything carried, and the flush under way. */
  void forget() {
    for (Progress one : progress.values()) {
      one.noted.clear();
      one.carriedEvents = 0;
      one.carried = false;
      one.toldEvents = 0;
      one.toldRows = 0;
    }
    fold = new DeltaFold(rollups, rollup -> progressOf(rollup).density);
    flushEvents = 0;
    handover.carries(false, false);
  }

  private Progress progressOf(RollupDefinition rollup) {
    Progress one = progress.get(rollup.id());
    if (one == null) {
      throw new IllegalStateException("rollup: must be in use, got " + rollup.name());
    }
    return one;
  }

  /**
   * What a transaction says of unfolded batches.
   *
   * @param note the rollups into which this batch is not folded
   * @param takeBack by rollup, batches that are folded now
   */
  record Notes(List<Integer> note, Map<Integer, List<Long>> takeBack) {}
}
