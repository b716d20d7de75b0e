package dev.windrow.ingest.lane;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all requests that were taken and are not answered yet, over all lanes, within one
 * bound. A client may hold as much as is free, so those who flood share it; a quarter is kept for
 * those who have little in flight.
 *
 * <p>Source: Choudhury, Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet Switches",
 * 1998, with the factor 1.
 *
 * <p>Concurrency. Any thread. Whoever leaves gives its bytes back and then looks for waiters;
 * whoever waits queues up and then looks at the bytes: when nothing is in flight, nobody waits.
 */
public final class InFlight {
  // Those who leave, one for every request, wake so many: of two, one may be held by its own share.
  private static final int WOKEN = 2;

  private static final int KEPT_PARTS = 4;

  private final long maxBytes;
  private final Executor waker;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final Waiters waiting = new Waiters();

  /**
   * @param waker runs those who wait, who may take locks that their wakers hold
   */
  public InFlight(long maxBytes, Executor waker) {
    this.maxBytes = maxBytes;
    this.waker = waker;
  }

  /**
   * Takes the bytes, or else nothing.
   *
   * @param held by the same client
   * @param little whether that is little
   */
  boolean enter(long held, long size, boolean little) {
    long bound = little ? maxBytes : maxBytes - maxBytes / KEPT_PARTS;
    long before;
    do {
      before = bytes.get();
      long free = bound - before;
      // A request larger than the whole bound still passes, alone.
      if (before > 0 && (size > free || (held > 0 && held + size > free))) {
        return false;
      }
    } while (!bytes.compareAndSet(before, before + size));
    return true;
  }

  void leave(long size) {
    boolean none = bytes.addAndGet(-size) == 0;
    if (!waiting.isEmpty()) {
      waker.execute(none ? waiting::wakeAll : () -> waiting.wake(WOKEN));
    }
  }

  /** Runs {@code retry} once, when bytes were given back. */
  void whenRoom(Runnable retry) {
    waiting.add(retry);
    if (bytes.get() == 0) {
      waker.execute(waiting::wakeAll);
    }
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Bytes of requests that were taken and are not answered. */
  public long bytes() {
    return bytes.get();
  }

  /**
   * Whether a request may wait for room: what waits, beside what was taken, has the same bound
   * again. To be followed by {@link #leaveWaiting}.
   */
  public boolean enterWaiting(long size) {
    if (waitingBytes.addAndGet(size) > maxBytes) {
      waitingBytes.addAndGet(-size);
      return false;
    }
    return true;
  }

  /** A request has been taken, or given up. */
  public void leaveWaiting(long size) {
    waitingBytes.addAndGet(-size);
  }
}
