package dev.windrow.ingest.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** What this process writes, and has written since somebody asked. Safe for any thread. */
public final class Written {
  private final LongSupplier nanoTime;
  private Set<Long> days = new HashSet<>();
  private boolean stirred;
  private int underWay;
  private long lastEnded;

  public Written() {
    this(System::nanoTime);
  }

  /**
   * For a clock of one's own.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public Written(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    lastEnded = nanoTime.getAsLong();
  }

  /** A transaction, from its begin to its end. */
  public <T> Mono<T> during(Mono<T> transaction) {
    return Mono.defer(
        () -> {
          begin();
          return transaction.doFinally(signal -> end());
        });
  }

  private synchronized void begin() {
    underWay++;
  }

  private synchronized void end() {
    underWay--;
    lastEnded = nanoTime.getAsLong();
  }

  /** Adds UTC days that got events, as {@link Registry#day} counts. */
  public synchronized void add(Collection<Long> written) {
    days.addAll(written);
  }

  /** Something has been committed. */
  public synchronized void stir() {
    stirred = true;
  }

  /** Whether something was committed since this was last asked. */
  public synchronized boolean takeStirred() {
    boolean was = stirred;
    stirred = false;
    return was;
  }

  /** Whether there was no transaction for so long, and is none. */
  public synchronized boolean quietFor(Duration time) {
    return underWay == 0 && nanoTime.getAsLong() - lastEnded >= time.toNanos();
  }

  /** Takes the days out. */
  public synchronized Set<Long> take() {
    Set<Long> taken = days;
    days = new HashSet<>();
    return taken;
  }
}
