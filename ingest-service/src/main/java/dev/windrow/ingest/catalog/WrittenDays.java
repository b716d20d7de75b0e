package dev.windrow.ingest.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The UTC days that got events since somebody asked. Safe for any thread. */
public final class WrittenDays {
  private Set<Long> days = new HashSet<>();
  private long lastAdded = System.nanoTime();

  /** Adds days, as {@link Registry#day} counts. */
  public synchronized void add(Collection<Long> written) {
    days.addAll(written);
    lastAdded = System.nanoTime();
  }

  /** Whether nothing was added for so long. */
  public synchronized boolean quietFor(Duration time) {
    return System.nanoTime() - lastAdded >= time.toNanos();
  }

  /** Takes them out. */
  public synchronized Set<Long> take() {
    Set<Long> taken = days;
    days = new HashSet<>();
    return taken;
  }
}
