package dev.windrow.ingest.accept;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Up to when raw events have been let go, as far as this process knows. Retention moves it, any
 * thread that checks events reads it.
 *
 * <p>It may lag behind the database by a pause of retention: an event is then taken that is older
 * than the newest horizon. Nothing is lost by it. Its partition is still there, for that is dropped
 * no sooner than a grace after the horizon was moved; and if that should be too short, the flush
 * makes the partition anew, or fails while the old one is on its way out, and the repeat is told
 * the truth. What such an event adds to aggregates counts as ever.
 */
public final class RawHorizon {
  /** The grid of partitions begins here: nothing is older. */
  static final Instant NONE = Instant.parse("1900-01-01T00:00:00Z");

  private final AtomicLong fromSeconds = new AtomicLong(NONE.getEpochSecond());

  /** Nothing before is kept. */
  public Instant get() {
    return Instant.ofEpochSecond(fromSeconds.get());
  }

  /** Never moves back, whoever reads an older one later. */
  public void moveTo(Instant from) {
    fromSeconds.accumulateAndGet(from.getEpochSecond(), Math::max);
  }
}
