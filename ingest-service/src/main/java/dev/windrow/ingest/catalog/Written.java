package dev.windrow.ingest.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What this process has written since somebody asked. Safe for any thread. */
public final class Written {
  private Set<Long> days = new HashSet<>();
  private boolean stirred;
  private long lastStirred = System.nanoTime();

  /** Adds UTC days that got events, as {@link Registry#day} counts. */
  public synchronized void add(Collection<Long> written) {
    days.addAll(written);
  }

  /** Something has been committed. */
  public synchronized void stir() {
    stirred = true;
    lastStirred = System.nanoTime();
  }

  /** Whether something was committed since this was last asked. */
  public synchronized boolean takeStirred() {
    boolean was = stirred;
    stirred = false;
    return was;
  }

  /** Whether nothing was committed for so long. */
  public synchronized boolean quietFor(Duration time) {
    return System.nanoTime() - lastStirred >= time.toNanos();
  }

  /** Takes the days out. */
  public synchronized Set<Long> take() {
    Set<Long> taken = days;
    days = new HashSet<>();
    return taken;
  }
}
