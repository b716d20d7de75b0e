package dev.windrow.ingest.grpc;

import dev.windrow.ingest.lane.Offer;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Way;
import dev.windrow.runtime.error.Failure;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way into its lane: a request that finds no room waits, for a bounded time. At most
 * one request waits at once, because a stream reads no further until {@code entered} was called.
 *
 * <p>Concurrency: all methods take the monitor of {@code stream}, which also guards the stream's
 * own state; nothing under it blocks. The callbacks run under it.
 */
final class LaneTicket {
  private final Object stream;
  private final Doors doors;
  private final Way way;
  private final Runnable entered;
  private final Consumer<Failure> refused;
  private @Nullable PendingAppend parked;
  private long waits;
  private long turn;
  private @Nullable ScheduledFuture<?> timeout;

  LaneTicket(Object stream, Doors doors, Way way, Runnable entered, Consumer<Failure> refused) {
    this.stream = stream;
    this.doors = doors;
    this.way = way;
    this.entered = entered;
    this.refused = refused;
  }

  void submit(PendingAppend request) {
    synchronized (stream) {
      parked = request;
      long mine = ++turn;
      tryOffer();
      if (parked != null && !way.inFlight().enterWaiting(request.bytes())) {
        parked = null;
        refused.accept(Doors.overloaded());
      } else if (parked != null) {
        waits = request.bytes();
        timeout =
            doors
                .timer()
                .schedule(
                    () -> giveUp(mine), doors.overloadWait().toMillis(), TimeUnit.MILLISECONDS);
        park();
      }
    }
  }

  /** Forgets a waiting request. */
  void cancel() {
    synchronized (stream) {
      clear();
    }
  }

  private void park() {
    way.whenRoom(this::retry);
    // Room may have come before the lane knew that we wait.
    tryOffer();
  }

  private void retry() {
    synchronized (stream) {
      if (parked != null) {
        tryOffer();
        if (parked != null) {
          way.whenRoom(this::retry);
        }
      }
    }
  }

  private void tryOffer() {
    PendingAppend request = parked;
    if (request == null) {
      return;
    }
    Offer offer = way.offer(request);
    switch (offer) {
      case ACCEPTED -> {
        clear();
        entered.run();
      }
      case CLOSED -> {
        clear();
        refused.accept(Doors.goingAway());
      }
      case FULL -> {}
    }
  }

  // A timeout that could not be cancelled any more must not meet the request after its own.
  private void giveUp(long waiting) {
    synchronized (stream) {
      if (parked != null && waiting == turn) {
        clear();
        refused.accept(Doors.overloaded());
      }
    }
  }

  private void clear() {
    parked = null;
    way.inFlight().leaveWaiting(waits);
    waits = 0;
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
  }
}
