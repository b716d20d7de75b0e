package dev.windrow.ingest.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that a server that goes away can end them from its side. */
final class OpenStreams {
  private final Set<Runnable> drains = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * @param drain ends the stream after what it has sent was answered; may run more than once
   */
  void add(Runnable drain) {
    drains.add(drain);
    // Seen either here or by drain(), whichever comes second.
    if (draining) {
      drain.run();
    }
  }

  void remove(Runnable drain) {
    drains.remove(drain);
  }

  void drain() {
    draining = true;
    drains.forEach(Runnable::run);
  }
}
