package dev.windrow.ingest.lane;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Callers that were refused and want to try again, in the order in which they came. Any thread. */
final class Waiters {
  private static final Logger log = LoggerFactory.getLogger(Waiters.class);

  private final Queue<Runnable> retries = new ConcurrentLinkedQueue<>();

  void add(Runnable retry) {
    retries.add(retry);
  }

  boolean isEmpty() {
    return retries.isEmpty();
  }

  /** Lets all try again who wait now: one that is refused again waits anew. */
  void wakeAll() {
    wake(retries.size());
  }

  /** Lets at most so many try again. */
  void wake(int most) {
    for (int n = most; n > 0; n--) {
      Runnable retry = retries.poll();
      if (retry == null) {
        return;
      }
      try {
        retry.run();
      } catch (RuntimeException e) {
        log.warn("a caller could not be told that there is room", e);
      }
    }
  }
}
