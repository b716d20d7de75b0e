package dev.windrow.ingest.unfolded;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where the lanes of a process leave what they carry for its compactor, which merges it into the
 * buckets without any delta row having been written.
 *
 * <p>Concurrency. A fold belongs to the lane's thread until {@link LaneSide#give}, and to the
 * compactor from {@link #take} on; the queue's add happens-before the poll that takes the parcel. A
 * lane has one parcel under way at most, which bounds what is in memory; only the lane opens one,
 * and only the compactor closes it. What a lane tells it {@link LaneSide#carries} is only a hint to
 * the compactor: that waiting for it may pay, or that haste does.
 */
public final class Handover {
  /** What the compactor would take now. */
  public enum Want {
    /** Only what fills half of a lane's bounds: it has worked enough. */
    HALF,
    /** What has been carried for a while, too. */
    LATE,
    /** Anything: others have handed over, and all at once is the least work. */
    ANY
  }

  private final Queue<Parcel> waiting = new ConcurrentLinkedQueue<>();
  private final List<LaneSide> lanes = new CopyOnWriteArrayList<>();
  private volatile Sinks.Empty<Void> bell = Sinks.empty();
  private volatile Want want = Want.LATE;

  /** What one lane has handed over at once. */
  public static final class Parcel {
    private final List<CarriedFold> folds;
    private final int events;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private volatile boolean open = true;

    private Parcel(List<CarriedFold> folds, int events) {
      this.folds = List.copyOf(folds);
      this.events = events;
    }

    public List<CarriedFold> folds() {
      return folds;
    }

    /** It is in the buckets, or given up: the lane may hand over more. */
    public void close() {
      open = false;
      closed.tryEmitEmpty();
    }
  }

  /** The end of one lane, for its thread. */
  public final class LaneSide {
    private volatile Parcel last = new Parcel(List.of(), 0);
    private volatile boolean carries;
    private volatile boolean fillsUp;

    private LaneSide() {}

    /**
     * Tells what the lane carries that it has not handed over.
     *
     * @param much whether the lane would soon have to wait for a compactor that takes its time
     */
    public void carries(boolean anything, boolean much) {
      carries = anything;
      fillsUp = much;
    }

    /** What the compactor would take now. */
    public Want want() {
      return want;
    }

    /** The events that were handed over and are not in their buckets yet. */
    public int underWay() {
      Parcel parcel = last;
      return parcel.open ? parcel.events : 0;
    }

    /** Completes when nothing is under way, on the compactor's thread. */
    public Mono<Void> empty() {
      return underWay() == 0 ? Mono.empty() : last.closed.asMono();
    }

    /**
     * Hands over; nothing may be {@link #underWay}.
     *
     * @param events at least 1
     */
    public void give(List<CarriedFold> folds, int events) {
      Parcel parcel = new Parcel(folds, events);
      carries(false, false);
      last = parcel;
      waiting.add(parcel);
      bell.tryEmitEmpty();
    }
  }

  /** For one more lane. */
  public LaneSide lane() {
    LaneSide lane = new LaneSide();
    lanes.add(lane);
    return lane;
  }

  /** Tells the lanes what to hand over from now on. */
  public void want(Want now) {
    want = now;
  }

  /** Whether something waits. */
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether a lane would soon have to wait for the compactor, or does. */
  public boolean isUrgent() {
    return isWaiting() || lanes.stream().anyMatch(lane -> lane.fillsUp);
  }

  /** Whether no lane could bring anything now. */
  public boolean isComplete() {
    return lanes.stream().noneMatch(lane -> lane.carries && lane.underWay() == 0);
  }

  /** All that waits. */
  public List<Parcel> take() {
    List<Parcel> taken = new ArrayList<>();
    for (Parcel next = waiting.poll(); next != null; next = waiting.poll()) {
      taken.add(next);
    }
    return taken;
  }

  /** Completes as soon as something waits, on the thread of the lane that brings it. */
  public Mono<Void> arrival() {
    return Mono.defer(
        () -> {
          // A lane adds and then rings; this hangs the bell up and then looks. One sees the other.
          Sinks.Empty<Void> next = Sinks.empty();
          bell = next;
          return waiting.isEmpty() ? next.asMono() : Mono.empty();
        });
  }
}
